import { beforeAll, describe, expect, it } from 'vitest';
import { encrypt } from '../../src/index.js';
import type { DecryptOptions } from '../../src/index.js';
import { isKeyfoldError } from '../../src/errors/index.js';
import { concat, flipped, patterned } from '../support/bytes.js';
import { allowTime, IN_CI } from '../support/cases.js';
import { BYTE_BY_BYTE, OPENINGS } from '../support/opening.js';
import type { Open } from '../support/opening.js';
import { TestKeyring } from '../support/test-keyring.js';

allowTime();

const SEGMENT = 4096;
const TAG = 16;

/** Two segments, of which the second is short: the first may be released when the second is damaged. */
const plaintext = patterned(SEGMENT + 60);
const keyring = new TestKeyring();
const options: DecryptOptions = { keyring, context: { row: '7', tenant: 'acme' } };
let envelope: Uint8Array;
/** Where the payload's first and second segment begin. */
let first: number;
let second: number;

beforeAll(async () => {
  envelope = await encrypt(plaintext, {
    keyring,
    context: { tenant: 'acme' },
    externalContext: { row: '7' },
    segmentSize: SEGMENT,
    headerPadding: 9,
  });
  second = envelope.length - 60 - TAG;
  first = second - SEGMENT - TAG;
});

/**
 * Opens what should not open: a typed error, and none of the plaintext from the failing segment on. The first segment may
 * come out of a stream when everything up to its end is as it was written.
 */
async function expectRefused(open: Open, bytes: Uint8Array, what: string): Promise<void> {
  const opened = await open(bytes, options);
  expect(isKeyfoldError(opened.error), what).toBe(true);
  const intact = bytes.length >= second && bytes.subarray(0, second).every((byte, i) => byte === envelope[i]);
  const released = opened.bytes.length === 0 || (intact && opened.bytes.length === SEGMENT);
  expect(released, what).toBe(true);
  expect(Buffer.compare(opened.bytes, plaintext.subarray(0, opened.bytes.length)), what).toBe(0);
}

/** All of them in CI; elsewhere not all of the inner bytes of the first segment, which are all alike. */
function positions(length: number): number[] {
  const all = Array.from({ length }, (_, i) => i);
  return IN_CI ? all : all.filter((i) => i < first + 40 || i >= second - 40 || i % 61 === 0);
}

describe.each(OPENINGS)('an envelope opened %s', (_how, open) => {
  it('opens as it was written', async () => {
    expect(await open(envelope, options)).toEqual({ bytes: plaintext, error: undefined });
  });

  it('is refused when any one byte of it is flipped', async () => {
    for (const i of positions(envelope.length)) await expectRefused(open, flipped(envelope, i, 1 << (i % 8)), `byte ${i}`);
  });

  it('is refused when it ends at any length', async () => {
    for (const length of positions(envelope.length)) {
      await expectRefused(open, envelope.subarray(0, length), `cut off after ${length}`);
    }
  });

  it('is refused when anything follows it', async () => {
    for (const length of [1, 15, 16, 17, 100, SEGMENT - 60, SEGMENT, 2 * SEGMENT]) {
      await expectRefused(open, concat(envelope, patterned(length, 5)), `${length} bytes appended`);
    }
  });
});

describe('a small envelope, opened byte by byte', () => {
  const context = { a: 'b' };

  it('opens as it was written', async () => {
    expect(await BYTE_BY_BYTE(envelope, options)).toEqual({ bytes: plaintext, error: undefined });
  });

  it('is refused when any one byte of it is flipped, or it ends at any length', async () => {
    const small = await encrypt(patterned(3), { keyring, context });
    for (let i = 0; i < small.length; i++) {
      for (const changed of [flipped(small, i), small.subarray(0, i)]) {
        const { bytes, error } = await BYTE_BY_BYTE(changed, { keyring, context });
        expect(isKeyfoldError(error), `byte ${i} of ${changed.length}`).toBe(true);
        expect(bytes).toHaveLength(0);
      }
    }
  });

  it('is refused when any bit of it is flipped', async () => {
    const small = await encrypt(patterned(3), { keyring, context });
    const [[, open]] = OPENINGS;
    for (let i = 0; i < small.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const { bytes, error } = await open(flipped(small, i, 1 << bit), { keyring, context });
        expect(isKeyfoldError(error), `bit ${bit} of byte ${i}`).toBe(true);
        expect(bytes).toHaveLength(0);
      }
    }
  });
});
