import { describe, expect, it } from 'vitest';
import { bytesSource, openEnvelope } from '../../src/index.js';
import { flipped } from '../support/bytes.js';
import { asFailure, failure } from '../support/failure.js';
import { collectUntilFailure } from '../support/streams.js';
import { envelopeOf, keyring, SEALED, SEGMENT } from './envelope.js';

const { envelope, plaintext, at } = await envelopeOf(6 * SEGMENT);
const DAMAGED = 3;

describe.each([
  ['its first byte', 0],
  ['a byte in the middle', 2000],
  ['its last byte', SEGMENT - 1],
  ['the first byte of its tag', SEGMENT],
  ['the last byte of its tag', SEALED - 1],
])('a segment that is damaged at %s', (_where, byte) => {
  const damaged = flipped(envelope, at(DAMAGED) + byte);

  it('fails every range over it, and names it', async () => {
    const reader = await openEnvelope(bytesSource(damaged), { keyring });
    for (const [offset, length] of [[DAMAGED * SEGMENT, 1], [DAMAGED * SEGMENT - 1, 2], [(DAMAGED + 1) * SEGMENT - 1, 5], [0, undefined]] as const) {
      const error = await failure(reader.read(offset, length), 'payload-damaged');
      expect(error.details).toEqual({ segment: DAMAGED, offset: 16 + DAMAGED * SEALED, kind: 'damaged' });
    }
  });

  it('leaves every other range readable', async () => {
    const reader = await openEnvelope(bytesSource(damaged), { keyring });
    expect(await reader.read(0, DAMAGED * SEGMENT)).toEqual(plaintext.subarray(0, DAMAGED * SEGMENT));
    expect(await reader.read((DAMAGED + 1) * SEGMENT)).toEqual(plaintext.subarray((DAMAGED + 1) * SEGMENT));
  });

  it('fails only those of several concurrent ranges that touch it', async () => {
    const reader = await openEnvelope(bytesSource(damaged), { keyring });
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(async (segment) => await reader.read(segment * SEGMENT, SEGMENT)));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, true, true, false, true, true]);
    for (const [i, result] of results.entries()) {
      if (result.status === 'fulfilled') expect(result.value).toEqual(plaintext.subarray(i * SEGMENT, (i + 1) * SEGMENT));
    }
  });

  it('ends a stream before any byte of it', async () => {
    const reader = await openEnvelope(bytesSource(damaged), { keyring });
    const { bytes, error } = await collectUntilFailure(reader.stream({ offset: 10 }));
    asFailure(error, 'payload-damaged');
    expect(bytes).toEqual(plaintext.subarray(10, 10 + bytes.length));
    expect(bytes.length).toBeLessThanOrEqual(DAMAGED * SEGMENT - 10);
  });
});

describe('a source that is mended', () => {
  it('reads again: no failure is kept', async () => {
    const bytes = flipped(envelope, at(1));
    const reader = await openEnvelope(bytesSource(bytes), { keyring });
    await failure(reader.read(SEGMENT, 1), 'payload-damaged');
    bytes.set(envelope);
    expect(await reader.read(SEGMENT, SEGMENT)).toEqual(plaintext.subarray(SEGMENT, 2 * SEGMENT));
  });
});
