import { aesGcm } from '#engine';
import { invalidArgument } from '../errors/throw.js';
import { MAX_PLAINTEXT_LENGTH } from '../format/constants.js';
import { resolveEncryptOptions } from '../message/options.js';
import type { EncryptOptions } from '../message/options.js';
import { sealSegments } from '../message/seal-segments.js';
import { startMessage } from '../message/start-message.js';
import type { StartedMessage } from '../message/start-message.js';
import { transformByGenerator } from './generator-transform.js';
import type { ByteTransform } from './generator-transform.js';

/** What encrypting a stream takes. */
export interface EncryptStreamOptions extends EncryptOptions {
  /** The plaintext's length in bytes, if it is known: a source that ends early or late then throws `length-mismatch`. */
  readonly plaintextLength?: number;
}

/**
 * A transform stream from plaintext to an envelope, for any length in constant memory (about three segments). Nothing
 * happens before somebody reads. The stream serves one message and cannot be used again.
 *
 * @throws `invalid-argument` at the call. The stream fails with `limit-exceeded`, `wrap-failed`, `keyring-contract`,
 *   `length-mismatch`, `aborted`, or with the error of its source; what it gave until then is no envelope.
 * @example
 * ```ts
 * await file.stream().pipeThrough(encryptStream({ keyring })).pipeTo(upload);
 * ```
 */
export function encryptStream(options: EncryptStreamOptions): ByteTransform {
  const resolved = resolveEncryptOptions(options);
  const plaintextLength = assertLength(options.plaintextLength);
  return transformByGenerator(async function* (source) {
    const message = await startMessage(resolved);
    try {
      yield message.header;
      yield* sealPayload(message, source, plaintextLength, resolved.signal);
    } finally {
      message.payloadKey.fill(0);
    }
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
  const payload = transformByGenerator(
    (source) => sealPayload(message, source, plaintextLength, resolved.signal),
    resolved.signal,
    () => message.payloadKey.fill(0),
  );
  return { header: message.header, payload };
}

/** The payload of a message that was started, whose payload key the caller wipes when this has ended. */
export async function* sealPayload(
  message: StartedMessage,
  source: AsyncIterable<Uint8Array>,
  plaintextLength: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  yield message.messageId.slice();
  const gcm = await aesGcm(message.payloadKey);
  yield* sealSegments(gcm, source, message.segmentSize, plaintextLength, signal);
}

function assertLength(length: number | undefined): number | undefined {
  if (length === undefined || (Number.isInteger(length) && length >= 0 && length <= MAX_PLAINTEXT_LENGTH)) return length;
  throw invalidArgument('options.plaintextLength', 'pass the number of bytes as an integer from 0 to 2^52.');
}
