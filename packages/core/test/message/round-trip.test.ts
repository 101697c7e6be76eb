import { describe, expect, it } from 'vitest';
import { decrypt, decryptDetached, encrypt, encryptDetached, inspect } from '../../src/index.js';
import { concat, patterned } from '../support/bytes.js';
import { knowsDataKey } from '../support/knows-data-key.js';
import { referenceMessage, referenceOpen } from '../support/reference.js';
import { TestKeyring } from '../support/test-keyring.js';

const SEGMENT = 4096;
/** Around every boundary at which something else happens. */
const LENGTHS = [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT - 1, 2 * SEGMENT, 2 * SEGMENT + 1, 5 * SEGMENT + 7];

describe('one-shot, plaintexts of all lengths', () => {
  it.each(LENGTHS)('gives %i bytes back', async (length) => {
    const keyring = new TestKeyring();
    const plaintext = patterned(length);
    const envelope = await encrypt(plaintext, { keyring, segmentSize: SEGMENT });
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
  });

  it.each(LENGTHS)('gives %i bytes back, detached', async (length) => {
    const keyring = new TestKeyring();
    const plaintext = patterned(length);
    const { header, payload } = await encryptDetached(plaintext, { keyring, segmentSize: SEGMENT });
    expect(await decryptDetached({ header, payload }, { keyring })).toEqual(plaintext);
    // Attached is their concatenation, and nothing else.
    expect(await decrypt(concat(header, payload), { keyring })).toEqual(plaintext);
  });

  it.each(LENGTHS)('writes %i bytes as the format says', async (length) => {
    const keyring = new TestKeyring();
    const plaintext = patterned(length);
    const envelope = await encrypt(plaintext, { keyring, segmentSize: SEGMENT, context: { b: '2' }, externalContext: { a: '1' } });
    const [dataKey] = keyring.secrets;
    const pairs = [['a', '1'], ['b', '2']] as const;
    expect(await referenceOpen(envelope, dataKey as Uint8Array, pairs)).toEqual(plaintext);
    const segments = Math.max(1, Math.ceil(length / SEGMENT));
    expect(envelope.length).toBe(inspect(envelope).headerLength + 16 + length + 16 * segments);
  });

  it.each(LENGTHS)('reads %i bytes that the format describes', async (length) => {
    const dataKey = patterned(32, 2);
    const plaintext = patterned(length);
    const segments = Array.from({ length: Math.max(1, Math.ceil(length / SEGMENT)) }, (_, i) => ({
      plaintext: plaintext.subarray(i * SEGMENT, (i + 1) * SEGMENT),
    }));
    const { header, payload } = await referenceMessage(dataKey, { segments });
    expect(await decrypt(concat(header, payload), { keyring: knowsDataKey(dataKey) })).toEqual(plaintext);
  });
});
