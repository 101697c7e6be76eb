import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encrypt, fromText, inspect, toText } from '../../src/index.js';
import { copy, patterned } from '../support/bytes.js';
import { allowTime, cases } from '../support/cases.js';
import { expectTyped } from '../support/failure.js';
import { mutation, position } from '../support/mutations.js';
import { OPENINGS } from '../support/opening.js';
import { TestKeyring } from '../support/test-keyring.js';

allowTime();

const keyring = new TestKeyring();
const context = { tenant: 'acme' };
const plaintext = patterned(4096 + 20);
let envelope: Uint8Array;

beforeAll(async () => {
  envelope = await encrypt(plaintext, { keyring, context, externalContext: { row: '7' }, segmentSize: 4096, headerPadding: 5 });
});

/** Mutations mostly of the header, some of the payload. */
const mutated = fc.tuple(mutation, fc.boolean()).map(([change, inHeader]) => {
  const at = inHeader ? inspect(envelope).headerLength : 0;
  return inHeader
    ? new Uint8Array([...change(envelope.subarray(0, at)), ...envelope.subarray(at)])
    : change(envelope);
});

describe('a mutated envelope', () => {
  it.each(OPENINGS)('opened %s gives a typed error, or is the same', async (_how, open) => {
    await fc.assert(
      fc.asyncProperty(mutated, async (bytes) => {
        const { bytes: opened, error } = await open(bytes, { keyring, context: { row: '7' } });
        if (error === undefined) expect(bytes).toEqual(copy(envelope));
        else expectTyped(error);
        expect(opened).toEqual(plaintext.subarray(0, opened.length));
      }),
      { numRuns: cases(5_000, 300) },
    );
  });

  it('inspected gives a typed error, or a description of its own bytes', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        try {
          const { headerLength, payload } = inspect(bytes);
          expect(headerLength + (payload?.length ?? 0)).toBe(bytes.length);
        } catch (error) {
          expectTyped(error);
        }
      }),
      { numRuns: cases(20_000) },
    );
  });
});

describe('a mutated text form', () => {
  it('gives a typed error, or is the one text of its bytes', () => {
    const changes = fc.array(
      fc.tuple(position, fc.string({ maxLength: 3, unit: 'binary' })),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(changes, (edits) => {
        let text = toText(envelope.subarray(0, 400));
        for (const [where, insert] of edits) {
          const at = Math.floor(where * text.length);
          text = text.slice(0, at) + insert + text.slice(at + 1);
        }
        try {
          expect(toText(fromText(text))).toBe(text);
        } catch (error) {
          expectTyped(error);
        }
      }),
      { numRuns: cases(10_000) },
    );
  });
});
