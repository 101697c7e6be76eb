import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/types.js';
import * as node from '../../src/engine/node.js';
import * as web from '../../src/engine/web.js';
import { concat, hex } from '../support/bytes.js';
import { cases } from '../support/cases.js';

const pairs: readonly (readonly [Engine, Engine])[] = [[node, web], [web, node]];
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const nonce = fc.uint8Array({ minLength: 12, maxLength: 12 });
const data = fc.uint8Array({ maxLength: 5000 });
const runs = { numRuns: cases(500) };

describe.each(pairs)('what one engine makes, the other takes (%#)', (one, other) => {
  it('sealed segments', async () => {
    await fc.assert(
      fc.asyncProperty(key, nonce, data, async (someKey, someNonce, plaintext) => {
        const sealed = concat(...(await (await one.aesGcm(someKey)).seal(someNonce, plaintext)));
        const gcm = await other.aesGcm(someKey);
        expect(hex(concat(...(await gcm.seal(someNonce, plaintext))))).toBe(hex(sealed));
        const opened = await gcm.open(someNonce, sealed);
        expect(opened === undefined ? undefined : hex(opened)).toBe(hex(plaintext));
        sealed[0] = (sealed[0] as number) ^ 1;
        expect(await gcm.open(someNonce, sealed)).toBeUndefined();
      }),
      runs,
    );
  });
});

describe('both engines give the same', () => {
  it('derived keys', async () => {
    const info = fc.uint8Array({ maxLength: 1024 });
    const length = fc.integer({ min: 1, max: 200 });
    await fc.assert(
      fc.asyncProperty(key, data, info, length, async (keyMaterial, salt, someInfo, someLength) => {
        const [a, b] = [await node.hkdfSha512(keyMaterial, salt).expand(someInfo, someLength), await (await web.hkdfSha512(keyMaterial, salt)).expand(someInfo, someLength)];
        expect(hex(a)).toBe(hex(b));
      }),
      runs,
    );
  });

  it('hashes and MACs', async () => {
    const macKey = fc.uint8Array({ minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(macKey, data, async (someKey, some) => {
        expect(hex(node.sha256(some))).toBe(hex(await web.sha256(some)));
        expect(hex(node.hmacSha256(someKey, some))).toBe(hex(await web.hmacSha256(someKey, some)));
      }),
      runs,
    );
  });

  it('verdicts when they compare', () => {
    const short = fc.uint8Array({ maxLength: 3, max: 2 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(node.equalInConstantTime(a, b)).toBe(hex(a) === hex(b));
        expect(web.equalInConstantTime(a, b)).toBe(hex(a) === hex(b));
      }),
      runs,
    );
  });
});
