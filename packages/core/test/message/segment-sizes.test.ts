import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, inspect } from '../../src/index.js';
import { patterned } from '../support/bytes.js';
import { TestKeyring } from '../support/test-keyring.js';

const keyring = new TestKeyring();

describe('the size of segments', () => {
  it.each(Array.from({ length: 13 }, (_, i) => 2 ** (i + 12)))('may be %i bytes', async (segmentSize) => {
    const length = segmentSize < 2 ** 20 ? 2 * segmentSize + 1 : 100;
    const plaintext = patterned(length);
    const envelope = await encrypt(plaintext, { keyring, segmentSize });
    expect(inspect(envelope)).toMatchObject({ segmentSize, payload: { plaintextLength: length, segments: length > 100 ? 3 : 1 } });
    expect(Buffer.compare(await decrypt(envelope, { keyring }), plaintext)).toBe(0);
  });

  it('is 131,072 bytes when nothing is said', async () => {
    const plaintext = patterned(131_073);
    const envelope = await encrypt(plaintext, { keyring });
    expect(inspect(envelope)).toMatchObject({ segmentSize: 131_072, payload: { segments: 2 } });
    expect(Buffer.compare(await decrypt(envelope, { keyring }), plaintext)).toBe(0);
  });
});

describe('room in the header', () => {
  it.each([0, 1, 1000, 65_000])('may be %i bytes', async (headerPadding) => {
    const plain = inspect(await encrypt(patterned(10), { keyring }));
    const envelope = await encrypt(patterned(10), { keyring, headerPadding });
    expect(inspect(envelope)).toMatchObject({ headerPadding, headerLength: plain.headerLength + headerPadding });
    expect(await decrypt(envelope, { keyring })).toEqual(patterned(10));
  });

  it('may be 65,535 bytes when the limits leave that much', async () => {
    const limits = { headerBytes: 70_000 };
    const envelope = await encrypt(patterned(10), { keyring, headerPadding: 65_535, limits });
    expect(await decrypt(envelope, { keyring, limits })).toEqual(patterned(10));
  });
});
