import { aesGcm } from '#engine';
import { MESSAGE_ID_LENGTH } from '../format/constants.js';
import { parseDetachedHeader, parseHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { assertSameMessage } from '../message/message-id.js';
import { openHeader } from '../message/open-header.js';
import { openSegments } from '../message/open-segments.js';
import { assertBytes, resolveDecryptOptions } from '../message/options.js';
import type { DecryptOptions, ResolvedDecryptOptions } from '../message/options.js';
import { ByteSource, takeHeader } from './byte-source.js';
import { transformByGenerator } from './generator-transform.js';
import type { ByteTransform } from './generator-transform.js';

/** What decrypting a stream takes. */
export interface DecryptStreamOptions extends DecryptOptions {
  /** The header, where it lives apart: the stream then takes the payload alone. */
  readonly header?: Uint8Array;
}

/**
 * A transform stream from an envelope to its plaintext, in constant memory. Every byte that it gives is authenticated.
 * That nothing is missing is known only when it ends without an error: do not act on the data before.
 *
 * @throws `invalid-argument`, and with `options.header` also `malformed`, `truncated`, `unsupported`,
 *   `limit-exceeded`, at the call. The stream fails with the errors of `decrypt`, or with that of its source; it gives
 *   nothing from the failing segment on.
 * @example
 * ```ts
 * await download.pipeThrough(decryptStream({ keyring })).pipeTo(target);
 * ```
 */
export function decryptStream(options: DecryptStreamOptions): ByteTransform {
  const resolved = resolveDecryptOptions(options);
  const detached = options.header === undefined ? undefined : parseOwnHeader(options.header, resolved);
  return transformByGenerator(async function* (chunks) {
    const source = new ByteSource(chunks);
    const header = detached ?? parseHeader(await takeHeader(source, resolved.limits), resolved.limits);
    yield* openPayload(header, source, resolved);
  }, resolved.signal);
}

/** Opens the header, then the payload, of which `source` must hold all and no more. */
export async function* openPayload(
  header: Header,
  source: ByteSource,
  options: ResolvedDecryptOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { payloadKey } = await openHeader(header, options);
  try {
    assertSameMessage(header, await source.take(MESSAGE_ID_LENGTH));
    const segmentSize = 2 ** header.identity.segmentLog2;
    yield* openSegments(await aesGcm(payloadKey), source.remainder(), segmentSize, options.signal);
  } finally {
    payloadKey.fill(0);
  }
}

/** The caller may change its bytes while the stream runs, so the header is parsed from a copy. */
function parseOwnHeader(bytes: unknown, options: ResolvedDecryptOptions): Header {
  assertBytes(bytes, 'options.header');
  return parseDetachedHeader(bytes.slice(), options.limits);
}
