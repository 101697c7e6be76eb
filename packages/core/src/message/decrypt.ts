import { engine } from '../engine/engine.js';
import { parseDetachedHeader, parseHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { layoutOfSealed } from './layout-of-sealed.js';
import { assertSameMessage } from './message-id.js';
import { openHeader } from './open-header.js';
import { openAll } from './open-all.js';
import { assertBytes, resolveDecryptOptions } from './options.js';
import type { DecryptOptions, ResolvedDecryptOptions } from './options.js';

/**
 * Opens an envelope and returns its plaintext, all of it authenticated.
 *
 * Once this returned, what `inspect` says of the same envelope is authentic too.
 *
 * @throws `invalid-argument`, `malformed`, `truncated`, `unsupported`, `limit-exceeded`; `context-mismatch`,
 *   `context-required`, `external-context-missing` before any key is touched; `no-matching-key`, `unwrap-failed`;
 *   `payload-mismatch`, `payload-damaged`; `aborted`
 * @example see `encrypt`
 */
export async function decrypt(envelope: Uint8Array, options: DecryptOptions): Promise<Uint8Array<ArrayBuffer>> {
  assertBytes(envelope, 'envelope');
  const resolved = resolveDecryptOptions(options);
  const header = parseHeader(envelope, resolved.limits);
  return await open(header, envelope.subarray(header.length), resolved);
}

/**
 * Opens a header and a payload that live apart. A payload that is not this header's is refused.
 *
 * @throws as `decrypt`
 */
export async function decryptDetached(
  envelope: { readonly header: Uint8Array; readonly payload: Uint8Array },
  options: DecryptOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  assertBytes((envelope as typeof envelope | undefined)?.header, 'envelope.header');
  assertBytes(envelope.payload, 'envelope.payload');
  const resolved = resolveDecryptOptions(options);
  return await open(parseDetachedHeader(envelope.header, resolved.limits), envelope.payload, resolved);
}

async function open(
  header: Header,
  payload: Uint8Array,
  options: ResolvedDecryptOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { payloadKey } = await openHeader(header, options);
  try {
    assertSameMessage(header, payload);
    const gcm = await engine.aesGcm(payloadKey);
    const read = (offset: number, length: number): Uint8Array => payload.subarray(offset, offset + length);
    const layout = await layoutOfSealed(gcm, payload.length, 2 ** header.identity.segmentLog2, read);
    return await openAll(gcm, payload, layout, options.signal);
  } finally {
    payloadKey.fill(0);
  }
}
