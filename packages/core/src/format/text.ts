import { malformed, invalidArgument } from '../errors/throw.js';
import { fromBase64Url, toBase64Url } from './base64url.js';
import type { Limits } from './limits.js';
import { resolveLimits } from './limits.js';
import { peekHeaderLength } from './prelude.js';

const ENVELOPE_PREFIX = 'keyfold1.';
const HEADER_PREFIX = 'keyfold1h.';

/**
 * The text form of an envelope, or of a detached header, for a database column or an environment variable:
 * `keyfold1.` or `keyfold1h.` and unpadded base64url (specification, "Text form").
 *
 * @param bytes - a whole envelope or a detached header
 * @throws `invalid-argument`, `malformed`, `unsupported` or `limit-exceeded` when `bytes` is neither
 * @example
 * ```ts
 * const column = toText(await encrypt(secret, { keyring }));
 * const opened = await decrypt(fromText(column), { keyring });
 * ```
 */
export function toText(bytes: Uint8Array, options: { readonly limits?: Partial<Limits> } = {}): string {
  if (!(bytes instanceof Uint8Array)) throw invalidArgument('bytes', 'pass the Uint8Array of an envelope or a header.');
  const headerLength = peekHeaderLength(bytes, resolveLimits(options.limits, 'options.limits'));
  if (headerLength === undefined || bytes.length < headerLength) {
    throw invalidArgument('bytes', 'it is neither a whole envelope nor a whole header: its end is missing.');
  }
  return (bytes.length === headerLength ? HEADER_PREFIX : ENVELOPE_PREFIX) + toBase64Url(bytes);
}

/**
 * The bytes of a text form. Only the one text that `toText` gives for them is accepted.
 *
 * @throws `invalid-argument` when `text` is no string; `malformed` with a rule that begins `text-`, or when the bytes do
 * not begin as an envelope; `unsupported` or `limit-exceeded` as for the bytes
 */
export function fromText(text: string, options: { readonly limits?: Partial<Limits> } = {}): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') throw invalidArgument('text', 'pass the string that toText returned.');
  const prefix = [ENVELOPE_PREFIX, HEADER_PREFIX].find((candidate) => text.startsWith(candidate));
  if (prefix === undefined) throw malformed('text-prefix', 0, 'the text does not begin with "keyfold1." or "keyfold1h.".');
  const bytes = fromBase64Url(text, prefix.length);
  const headerLength = peekHeaderLength(bytes, resolveLimits(options.limits, 'options.limits'));
  const isWholeHeader = bytes.length === headerLength;
  const isLonger = headerLength !== undefined && bytes.length > headerLength;
  if (prefix === HEADER_PREFIX ? isLonger : isWholeHeader) {
    throw malformed('text-prefix', 0, 'the prefix says envelope where a header follows, or the other way round.');
  }
  return bytes;
}
