import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { TestKeyring } from '../support/test-keyring.js';

const plaintext = utf8('plaintext');
const entries = (count: number, prefix = 'k'): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, 'v']));

describe('the caps on a context', () => {
  it('hold for embedded and external entries together, when writing', async () => {
    const keyring = new TestKeyring();
    const context = entries(40);
    await encrypt(plaintext, { keyring, context, externalContext: entries(24, 'x') });
    const error = await failure(encrypt(plaintext, { keyring, context, externalContext: entries(25, 'x') }), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'contextEntries', maximum: 64, actual: 65 });
  });

  it('hold for the bytes of keys and values, external ones too, when writing', async () => {
    const keyring = new TestKeyring();
    // u16 count, then for each of two pairs two u16 lengths and a key of one byte.
    const rest = 8_192 - 2 - 2 * 5;
    const options = (last: number) => ({
      keyring,
      context: { a: 'x'.repeat(100) },
      externalContext: { b: 'x'.repeat(last - 100) },
    });
    await encrypt(plaintext, options(rest));
    const error = await failure(encrypt(plaintext, options(rest + 1)), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'contextBytes', maximum: 8_192, actual: 8_193 });
    expect(keyring.operations).toEqual(['wrap']);
  });

  it('count bytes, not characters', async () => {
    const keyring = new TestKeyring();
    const error = await failure(encrypt(plaintext, { keyring, context: { a: '€'.repeat(2_729) } }), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'contextBytes', maximum: 8_192, actual: 2 + 4 + 1 + 3 * 2_729 });
  });

  it('hold for external values when reading, before a key is touched', async () => {
    const keyring = new TestKeyring();
    const envelope = await encrypt(plaintext, { keyring, externalContext: { row: '1' } });
    const context = { row: 'x'.repeat(8_192) };
    const error = await failure(decrypt(envelope, { keyring, context }), 'limit-exceeded');
    expect(error.details.limit).toBe('contextBytes');
    expect(keyring.operations).toEqual(['wrap']);
  });

  it('can be raised by whoever writes, and must be then by whoever reads', async () => {
    const keyring = new TestKeyring();
    const context = entries(65);
    const limits = { contextEntries: 65 };
    const envelope = await encrypt(plaintext, { keyring, context, limits });
    expect(await decrypt(envelope, { keyring, context, limits })).toEqual(plaintext);
    await failure(decrypt(envelope, { keyring, context }), 'limit-exceeded');
  });

  it('can be lowered', async () => {
    const keyring = new TestKeyring();
    await failure(encrypt(plaintext, { keyring, context: entries(2), limits: { contextEntries: 1 } }), 'limit-exceeded');
    await failure(encrypt(plaintext, { keyring, context: entries(2), limits: { contextBytes: 15 } }), 'limit-exceeded');
    await encrypt(plaintext, { keyring, context: entries(2), limits: { contextBytes: 16, contextEntries: 2 } });
  });
});
