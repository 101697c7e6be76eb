/** What the engine on OpenSSL leaves behind in the buffers that node:crypto hands out. */
import { createDecipheriv, createHmac } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { aesGcm, hkdfSha512 } from '../../src/engine/node.js';
import { concat, flipped, patterned } from '../support/bytes.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const decipher = createDecipheriv('aes-256-gcm', patterned(32), patterned(12), { authTagLength: 16 });
const hmac = createHmac('sha512', patterned(16));

/** Every buffer that a method of all objects of this kind gives from now on. The method itself is the real one. */
function watch(oneOfThem: object, method: string): Uint8Array[] {
  const prototype = Object.getPrototypeOf(oneOfThem) as object;
  const given: Uint8Array[] = [];
  const real = Reflect.get(prototype, method) as (...args: unknown[]) => unknown;
  vi.spyOn(prototype as Record<string, (...args: unknown[]) => unknown>, method).mockImplementation(function (this: unknown, ...args) {
    const result = real.apply(this, args);
    if (result instanceof Uint8Array) given.push(result);
    return result;
  });
  return given;
}

it('no plaintext whose tag does not verify', () => {
  const gcm = aesGcm(patterned(32));
  const nonce = patterned(12);
  const sealed = concat(...(gcm.seal(nonce, patterned(100)) as Uint8Array[]));
  const given = watch(decipher, 'update');
  expect(gcm.open(nonce, flipped(sealed, 110))).toBeUndefined();
  expect(given).toEqual([Buffer.alloc(100)]);
});

it('no extracted key once it was wiped', () => {
  const given = watch(hmac, 'digest');
  const hkdf = hkdfSha512(patterned(32), patterned(16));
  expect(given).toHaveLength(1);
  expect(given[0]).not.toEqual(Buffer.alloc(64));
  hkdf.wipe();
  expect(given).toEqual([Buffer.alloc(64)]);
});

it('no blocks of a long derivation but the ones that it gave', async () => {
  const hkdf = hkdfSha512(patterned(32), patterned(16));
  const given = watch(hmac, 'digest');
  await hkdf.expand(patterned(10), 150);
  expect(given).toEqual([Buffer.alloc(64), Buffer.alloc(64), Buffer.alloc(64)]);
});
