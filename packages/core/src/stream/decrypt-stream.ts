import { parseDetachedHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { EnvelopeOpener } from '../message/envelope-opener.js';
import { assertBytes, resolveDecryptOptions } from '../message/options.js';
import type { DecryptOptions, ResolvedDecryptOptions } from '../message/options.js';
import { transformBytes } from './byte-transform.js';
import type { ByteTransform } from './byte-transform.js';

/** What decrypting a stream takes. */
export interface DecryptStreamOptions extends DecryptOptions {
  /** The header, where it lives apart: the stream then takes the payload alone. */
  readonly header?: Uint8Array;
}

/**
 * A transform stream from an envelope to its plaintext, in constant memory. Every byte that it gives is authenticated.
 * That nothing is missing is known only when it ends without an error: do not act on the data before.
 *
 * @throws `invalid-argument`, `aborted`, and with `options.header` also `malformed`, `truncated`, `unsupported`,
 *   `limit-exceeded`, at the call. The stream fails with the errors of `decrypt`, or with that of its source; it gives
 *   nothing from the failing segment on.
 * @example
 * ```ts
 * await download.pipeThrough(decryptStream({ keyring })).pipeTo(target);
 * ```
 */
export function decryptStream(options: DecryptStreamOptions): ByteTransform {
  const resolved = resolveDecryptOptions(options);
  const header = options.header === undefined ? undefined : parseOwnHeader(options.header, resolved);
  return transformBytes((signal) => new EnvelopeOpener({ ...resolved, signal }, header), resolved.signal);
}

/** The caller may change its bytes while the stream runs, so the header is parsed from a copy. */
function parseOwnHeader(bytes: unknown, options: ResolvedDecryptOptions): Header {
  assertBytes(bytes, 'options.header');
  return parseDetachedHeader(new Uint8Array(bytes), options.limits);
}
