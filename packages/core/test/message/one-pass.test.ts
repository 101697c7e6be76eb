import { describe, expect, it } from 'vitest';
import { engine } from '../../src/engine/engine.js';
import { NEVER_ABORTED } from '../../src/cancellation/never-aborted.js';
import { SegmentOpener } from '../../src/message/segment-opener.js';
import { SegmentSealer } from '../../src/message/segment-sealer.js';
import { patterned } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { Gate } from '../support/gate.js';

const gcm = await engine.aesGcm(patterned(32));

/** A sealer of small segments, and what it gave. */
function sealing(plaintextLength?: number): { readonly sealer: SegmentSealer; readonly emit: (part: Uint8Array) => undefined; readonly parts: Uint8Array[] } {
  const parts: Uint8Array[] = [];
  const emit = (part: Uint8Array): undefined => void parts.push(part);
  return { sealer: new SegmentSealer({ gcm, segmentSize: 16, plaintextLength, signal: NEVER_ABORTED }), emit, parts };
}

/** Bytes without number, as no memory holds them: the length and a part that is looked at are all that there is of them. */
function endless(length: number): Uint8Array {
  return { length, subarray: (from: number, to = length) => endless(to - from) } as Uint8Array;
}

describe('a payload is sealed in one pass', () => {
  it.each([0, 1, 15, 16, 17, 100])('nothing is taken behind its end, however little it is: %i bytes', async (length) => {
    const { sealer, emit, parts } = sealing();
    await sealer.write(patterned(20), emit);
    await sealer.end(emit);
    const before = parts.length;
    expect((await failure(sealer.write(patterned(length), emit), 'already-used')).details).toEqual({ what: 'payload' });
    await failure(sealer.end(emit), 'already-used');
    expect(parts).toHaveLength(before);
  });

  it('nothing is taken behind an error: no last segment is made of what is short of a part', async () => {
    const { sealer, emit, parts } = sealing(30);
    await sealer.write(patterned(20), emit);
    await failure(sealer.write(patterned(11), emit), 'length-mismatch');
    const before = parts.length;
    await failure(sealer.end(emit), 'already-used');
    await failure(sealer.write(patterned(10), emit), 'already-used');
    expect(parts).toHaveLength(before);

    const short = sealing(30);
    await failure(short.sealer.end(short.emit), 'length-mismatch');
    await failure(short.sealer.write(patterned(30), short.emit), 'already-used');
    expect(short.parts).toEqual([]);
  });

  it('nor behind an output that failed', async () => {
    const { sealer, emit, parts } = sealing();
    const failing = sealer.write(patterned(40), () => { throw new Error('the disk is full'); });
    expect(await thrownBy(failing)).toMatchObject({ message: 'the disk is full' });
    await failure(sealer.write(patterned(40), emit), 'already-used');
    await failure(sealer.end(emit), 'already-used');
    expect(parts).toEqual([]);
  });

  it('nor while a piece is being sealed: two would get in among each other', async () => {
    const { sealer, emit } = sealing();
    const taken = new Gate();
    const first = sealer.write(patterned(40), async () => { await taken.opened; });
    await failure(sealer.write(patterned(40), emit), 'already-used');
    await failure(sealer.end(emit), 'already-used');
    taken.open();
    await first;
    await sealer.end(emit);
  });
});

describe('a stream that has no end', () => {
  it('is not sealed beyond 2^52 bytes', async () => {
    const { sealer, emit, parts } = sealing();
    const error = await failure(sealer.write(endless(2 ** 52 + 1), emit), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'plaintextBytes', maximum: 2 ** 52, actual: 2 ** 52 + 1 });
    expect(parts).toEqual([]);
  });

  it('is not opened beyond them', async () => {
    const opener = new SegmentOpener(gcm, 2 ** 52 + 1, NEVER_ABORTED);
    const opening = opener.write(endless(2 ** 52 + 100), () => { throw new Error('it was opened'); });
    const error = await failure(opening, 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'plaintextBytes', maximum: 2 ** 52, actual: 2 ** 52 + 1 });
  });
});
