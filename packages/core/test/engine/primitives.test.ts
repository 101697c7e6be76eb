import { describe, expect, it } from 'vitest';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { primitives } from '../../src/keyring/index.js';
import { concat, copy, flipped, hex, patterned, utf8 } from '../support/bytes.js';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

describe('the engine that is being tested', () => {
  it('is the one that the project says', () => {
    expect(primitives.engineName).toBe(process.env['KEYFOLD_ENGINE']);
  });
});

describe('AES-256-GCM', () => {
  // The GCM specification (McGrew and Viega), test cases 13 to 15.
  it.each([
    ['00'.repeat(32), '00'.repeat(12), '', '530f8afbc74536b9a963b4f1c4cb738b'],
    ['00'.repeat(32), '00'.repeat(12), '00'.repeat(16), 'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919'],
    [
      'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
      'cafebabefacedbaddecaf888',
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255',
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c',
    ],
  ])('gives the known answer (%#)', async (key, nonce, plaintext, sealed) => {
    const gcm = await primitives.aesGcm(bytes(key));
    expect(hex(concat(...(await gcm.seal(copy(bytes(nonce)), bytes(plaintext)))))).toBe(sealed);
    expect(hex((await gcm.open(copy(bytes(nonce)), bytes(sealed))) as Uint8Array)).toBe(plaintext);
  });

  it('opens nothing that was changed, cut or lengthened, nor under another nonce or key', async () => {
    const [key, nonce] = [patterned(32), patterned(12)];
    const gcm = await primitives.aesGcm(key);
    const sealed = concat(...(await gcm.seal(nonce, utf8('twenty bytes of text'))));
    for (let i = 0; i < sealed.length; i++) expect(await gcm.open(nonce, flipped(sealed, i))).toBeUndefined();
    for (let i = 0; i < sealed.length; i++) expect(await gcm.open(nonce, sealed.subarray(0, i))).toBeUndefined();
    expect(await gcm.open(nonce, concat(sealed, Uint8Array.of(0)))).toBeUndefined();
    expect(await gcm.open(flipped(nonce, 11), sealed)).toBeUndefined();
    expect(await (await primitives.aesGcm(flipped(key, 0))).open(nonce, sealed)).toBeUndefined();
    expect(await gcm.open(nonce, sealed)).toEqual(utf8('twenty bytes of text'));
  });

  it('says what is wrong with a key that is none', async () => {
    await expect((async () => await (await primitives.aesGcm(new Uint8Array(31))).seal(new Uint8Array(12), new Uint8Array(1)))()).rejects.toThrow();
  });

  it('changes neither its input nor what it gave before', async () => {
    const [key, nonce, plaintext] = [patterned(32), patterned(12), patterned(100)];
    const gcm = await primitives.aesGcm(key);
    const first = concat(...(await gcm.seal(nonce, plaintext)));
    const kept = copy(first);
    await gcm.seal(nonce, patterned(100, 2));
    await gcm.open(nonce, flipped(first, 3));
    expect(first).toEqual(kept);
    expect([key, nonce, plaintext]).toEqual([patterned(32), patterned(12), patterned(100)]);
  });
});

describe('HKDF-SHA-512', () => {
  it.each([0, 1, 32, 63, 64, 65, 128, 129, 255 * 64])('gives %i bytes as RFC 5869 says', async (length) => {
    for (const [salt, info] of [[patterned(16), patterned(46)], [new Uint8Array(0), new Uint8Array(0)]] as const) {
      const hkdf = await primitives.hkdfSha512(patterned(32, 9), salt);
      const expected = new Uint8Array(hkdfSync('sha512', patterned(32, 9), salt, info, length));
      expect(hex(await hkdf.expand(info, length))).toBe(hex(expected));
      hkdf.wipe();
    }
  });

  it('gives no more than 255 blocks', async () => {
    const hkdf = await primitives.hkdfSha512(patterned(32), patterned(16));
    await expect((async () => await hkdf.expand(patterned(10), 255 * 64 + 1))()).rejects.toThrow();
  });

  it('expands the same key material as often as wanted', async () => {
    const hkdf = await primitives.hkdfSha512(patterned(32), patterned(16));
    const first = copy(await hkdf.expand(utf8('a'), 64));
    (await hkdf.expand(utf8('b'), 64)).fill(0);
    expect(await hkdf.expand(utf8('a'), 64)).toEqual(first);
  });

  it('does not depend on its input any more once it was called', async () => {
    const [keyMaterial, salt] = [patterned(32), patterned(16)];
    const hkdf = await primitives.hkdfSha512(keyMaterial, salt);
    keyMaterial.fill(0);
    salt.fill(0);
    expect(hex(await hkdf.expand(utf8('a'), 64))).toBe(hex(new Uint8Array(hkdfSync('sha512', patterned(32), patterned(16), utf8('a'), 64))));
  });
});

describe('SHA-256 and HMAC-SHA-256', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 1000])('give what the standard says for %i bytes', async (length) => {
    const data = patterned(length);
    expect(hex(await primitives.sha256(data))).toBe(createHash('sha256').update(data).digest('hex'));
    for (const keyLength of [32, 64, 65]) {
      const key = patterned(keyLength, 3);
      expect(hex(await primitives.hmacSha256(key, data))).toBe(createHmac('sha256', key).update(data).digest('hex'));
    }
  });
});

describe('random bytes', () => {
  it.each([0, 1, 16, 1024, 1025, 4096, 65_536, 65_537, 200_000])('are as many as were asked for: %i', (length) => {
    const first = primitives.randomBytes(length);
    expect(first).toHaveLength(length);
    if (length >= 16) {
      expect(first).not.toEqual(primitives.randomBytes(length));
      // All of them are random, the last ones too.
      expect(first.subarray(-16)).not.toEqual(new Uint8Array(16));
    }
  });

  it('never come twice, and never as zeros', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 5_000; i++) seen.add(hex(primitives.randomBytes(i % 7 === 0 ? 32 : 16)));
    expect(seen.size).toBe(5_000);
    for (const each of seen) expect(each).not.toMatch(/0{16}/);
  });

  it('are the caller’s: to wipe one wipes no other', () => {
    const [first, second, third] = [primitives.randomBytes(16), primitives.randomBytes(16), primitives.randomBytes(16)];
    const kept = [copy(first), copy(third)];
    second.fill(0);
    expect([first, third]).toEqual(kept);
    first.fill(0xff);
    expect(hex(primitives.randomBytes(16))).not.toMatch(/^f+$/);
  });
});

describe('comparison in constant time', () => {
  it('tells equal from different', () => {
    const a = patterned(32);
    expect(primitives.equalInConstantTime(a, copy(a))).toBe(true);
    for (let i = 0; i < 32; i++) expect(primitives.equalInConstantTime(a, flipped(a, i, 0x80))).toBe(false);
    expect(primitives.equalInConstantTime(a, a.subarray(1))).toBe(false);
    expect(primitives.equalInConstantTime(a.subarray(0, 31), a)).toBe(false);
    expect(primitives.equalInConstantTime(new Uint8Array(0), new Uint8Array(0))).toBe(true);
  });
});
