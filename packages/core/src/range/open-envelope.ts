import { onAbort } from '../cancellation/on-abort.js';
import { engine } from '../engine/engine.js';
import { invalidArgument } from '../errors/throw.js';
import { MESSAGE_ID_LENGTH, PRELUDE_LENGTH } from '../format/constants.js';
import { parseDetachedHeader, parseHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { peekHeaderLength } from '../format/prelude.js';
import { describeHeader } from '../message/inspect.js';
import { layoutOfSealed } from '../message/layout-of-sealed.js';
import { assertSameMessage } from '../message/message-id.js';
import { openHeader } from '../message/open-header.js';
import { assertBytes, resolveDecryptOptions } from '../message/options.js';
import type { DecryptOptions, ResolvedDecryptOptions } from '../message/options.js';
import { EnvelopeReader } from './envelope-reader.js';
import type { RangeSource } from './range-source.js';
import { readExactly } from './read-exactly.js';
import { SegmentFetcher } from './segment-fetcher.js';

/** What opening an envelope for ranges takes. */
export interface OpenEnvelopeOptions extends DecryptOptions {
  /** The header, where it lives apart: the source is then the payload alone. */
  readonly header?: Uint8Array;
  /** Segments that are kept opened, for reads that come back to them: 0 to 1,024. Default 2. */
  readonly cacheSegments?: number;
}

/**
 * Opens an envelope over a source of which parts can be read, for authenticated random access.
 *
 * Reads the header, unwraps the data key, and authenticates the payload's end before it returns: a source that was cut
 * off or extended is refused, never taken for a shorter or longer one.
 *
 * @throws the errors of `decrypt`, and whatever the source throws
 * @example
 * ```ts no-run
 * const video = await openEnvelope(blobSource(blob), { keyring });
 * const range = await video.read(1_000_000, 65_536);
 * video.close();
 * ```
 */
export async function openEnvelope(source: RangeSource, options: OpenEnvelopeOptions): Promise<EnvelopeReader> {
  assertSource(source);
  const resolved = resolveDecryptOptions(options);
  const cacheSegments = assertCacheSegments(options.cacheSegments ?? 2);
  const { header, messageId } = await readBeginning(source, options.header, resolved);
  const payloadOffset = options.header === undefined ? header.length : 0;
  const { payloadKey } = await openHeader(header, resolved);
  try {
    assertSameMessage(header, messageId);
    const gcm = await engine.aesGcm(payloadKey);
    const read = async (offset: number, length: number): Promise<Uint8Array> =>
      await readAbortably(source, payloadOffset + offset, length, resolved.signal, 'payload');
    const layout = await layoutOfSealed(gcm, source.size - payloadOffset, 2 ** header.identity.segmentLog2, read);
    const fetcher = new SegmentFetcher({ source, payloadOffset, layout, gcm, cacheSegments });
    await fetcher.get(layout.segmentCount - 1, resolved.signal);
    const { payloadLength: length, segmentCount: segments, plaintextLength } = layout;
    const info = { ...describeHeader(header), payload: { length, segments, plaintextLength } };
    return new EnvelopeReader(info, layout, fetcher, () => payloadKey.fill(0));
  } catch (error) {
    payloadKey.fill(0);
    throw error;
  }
}

/** The header, and the payload's message id behind it, with no byte more. */
async function readBeginning(
  source: RangeSource,
  detached: Uint8Array | undefined,
  options: ResolvedDecryptOptions,
): Promise<{ readonly header: Header; readonly messageId: Uint8Array }> {
  const { limits } = options;
  const part = detached === undefined ? 'header' : 'payload';
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const available = Math.max(0, Math.min(length, source.size - offset));
    return available === 0 ? new Uint8Array(0) : await readAbortably(source, offset, available, options.signal, part);
  };
  if (detached !== undefined) {
    assertBytes(detached, 'options.header');
    const header = parseDetachedHeader(new Uint8Array(detached), limits);
    return { header, messageId: await read(0, MESSAGE_ID_LENGTH) };
  }
  const prelude = await read(0, PRELUDE_LENGTH);
  const length = Math.max(PRELUDE_LENGTH, peekHeaderLength(prelude, limits) ?? 0);
  const rest = await read(PRELUDE_LENGTH, length - PRELUDE_LENGTH + MESSAGE_ID_LENGTH);
  const bytes = new Uint8Array(prelude.length + rest.length);
  bytes.set(prelude);
  bytes.set(rest, prelude.length);
  return { header: parseHeader(bytes.subarray(0, length), limits), messageId: bytes.subarray(length) };
}

/** As `readExactly`: the source may leave its listener on the signal, and the caller's may serve many openings. */
async function readAbortably(
  source: RangeSource,
  offset: number,
  length: number,
  signal: AbortSignal,
  part: 'header' | 'payload',
): Promise<Uint8Array> {
  const reading = new AbortController();
  const stopWaiting = onAbort(signal, () => {
    reading.abort(signal.reason);
  });
  try {
    return await readExactly(source, offset, length, reading.signal, part);
  } finally {
    stopWaiting();
  }
}

function assertSource(source: RangeSource): void {
  const given = source as Partial<RangeSource> | null | undefined;
  if (typeof given?.read !== 'function' || !Number.isSafeInteger(given.size) || (given.size as number) < 0) {
    throw invalidArgument('source', 'pass an object with the size in bytes and a read method, such as blobSource(blob).');
  }
}

function assertCacheSegments(count: number): number {
  if (Number.isInteger(count) && count >= 0 && count <= 1024) return count;
  throw invalidArgument('options.cacheSegments', 'pass an integer from 0 to 1024.');
}
