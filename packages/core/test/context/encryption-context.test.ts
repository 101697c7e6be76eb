import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encryptionContext } from '../../src/keyring/index.js';
import { concat, hex, utf8 } from '../support/bytes.js';
import { inByteOrder, text } from '../support/arbitraries.js';
import { cases } from '../support/cases.js';
import { failure } from '../support/failure.js';
import { u16 } from '../support/raw-header.js';

describe('the encryption context of a keyring', () => {
  it('has the SHA-256 of count, keys and values as its digest', async () => {
    // Two zero bytes: no pairs.
    expect(hex((await encryptionContext()).digest)).toBe('96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7');
    expect(hex((await encryptionContext({})).digest)).toBe('96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text({ minLength: 1, maxLength: 10 }), text({ maxLength: 10 }), { maxKeys: 6 }), async (pairs) => {
        fc.pre(!Object.keys(pairs).some((key) => key.startsWith('keyfold:')));
        const sorted = Object.entries(pairs).sort(([a], [b]) => inByteOrder(a, b));
        const field = (value: string): Uint8Array => concat(u16(utf8(value).length), utf8(value));
        const bytes = concat(u16(sorted.length), ...sorted.flatMap(([key, value]) => [field(key), field(value)]));
        const context = await encryptionContext(pairs);
        expect([...context.pairs]).toEqual(sorted);
        expect(hex(context.digest)).toBe(hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))));
      }),
      { numRuns: cases(1_000) },
    );
  });

  it('refuses what an envelope would', async () => {
    expect((await failure(encryptionContext({ a: '\ud800' }), 'invalid-argument')).details).toEqual({ argument: 'pairs' });
    await failure(encryptionContext({ a: 'x'.repeat(9_000) }), 'limit-exceeded');
  });
});
