import { invalidArgument } from '../errors/throw.js';
import { MAX_PLAINTEXT_LENGTH } from '../format/constants.js';
import { resolveEncryptOptions } from '../message/options.js';
import type { EncryptOptions } from '../message/options.js';
import { PayloadSealer } from '../message/payload-sealer.js';
import { startMessage } from '../message/start-message.js';
import { transformBytes } from './byte-transform.js';
import type { ByteTransform } from './byte-transform.js';

/** What encrypting a stream takes. */
export interface EncryptStreamOptions extends EncryptOptions {
  /** The plaintext's length in bytes, if it is known: a source that ends early or late then throws `length-mismatch`. */
  readonly plaintextLength?: number;
}

/**
 * A transform stream from plaintext to an envelope, for any length in constant memory: a few segments and the largest
 * piece that is written. The stream serves one message and cannot be used again.
 *
 * @throws `invalid-argument`, `aborted` at the call. The stream fails with `limit-exceeded`, `wrap-failed`,
 *   `keyring-contract`, `length-mismatch`, `aborted`, or with the error of its source; what it gave until then is no
 *   envelope.
 * @example
 * ```ts
 * await file.stream().pipeThrough(encryptStream({ keyring })).pipeTo(upload);
 * ```
 */
export function encryptStream(options: EncryptStreamOptions): ByteTransform {
  const resolved = resolveEncryptOptions(options);
  const plaintextLength = assertLength(options.plaintextLength);
  return transformBytes((signal) => {
    let payload: PayloadSealer | undefined;
    return {
      async begin(emit) {
        const message = await startMessage({ ...resolved, signal });
        payload = new PayloadSealer(message, plaintextLength, signal);
        await emit(message.header);
      },
      write: async (chunk, emit) => await payload?.write(chunk, emit),
      end: async (emit) => await payload?.end(emit),
      close: () => payload?.close(),
    };
  }, resolved.signal);
}

/**
 * As `encryptStream`, with the header apart: it is there before the payload's first byte. The stream gives the payload.
 *
 * @throws `invalid-argument`, `limit-exceeded`, `wrap-failed`, `keyring-contract`, `aborted`; the stream fails as that
 *   of `encryptStream`
 * @example
 * ```ts
 * const { header, payload } = await encryptDetachedStream({ keyring });
 * await file.stream().pipeThrough(payload).pipeTo(upload);
 * await row.save({ header });
 * ```
 */
export async function encryptDetachedStream(
  options: EncryptStreamOptions,
): Promise<{ readonly header: Uint8Array<ArrayBuffer>; readonly payload: ByteTransform }> {
  const resolved = resolveEncryptOptions(options);
  const plaintextLength = assertLength(options.plaintextLength);
  const message = await startMessage(resolved);
  const payload = transformBytes((signal) => new PayloadSealer(message, plaintextLength, signal), resolved.signal);
  return { header: message.header, payload };
}

function assertLength(length: number | undefined): number | undefined {
  if (length === undefined || (Number.isInteger(length) && length >= 0 && length <= MAX_PLAINTEXT_LENGTH)) return length;
  throw invalidArgument('options.plaintextLength', 'pass the number of bytes as an integer from 0 to 2^52.');
}
