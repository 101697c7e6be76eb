import { describe, expect, it } from 'vitest';
import { encrypt, encryptDetached, inspect } from '../../src/index.js';
import { encodeQuorum } from '../../src/format/quorum.js';
import { concat, flipped, hex, patterned, utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { rawHeader } from '../support/raw-header.js';
import { TestKeyring } from '../support/test-keyring.js';

const leaf = (keyId: string) => ({ provider: 'test', keyId, keyVersion: '1', algorithm: 'L', ciphertext: utf8('share') });
const quorum = encodeQuorum({
  threshold: 2,
  shares: [
    { index: 1, wrappedKeys: [leaf('a')] },
    { index: 4, wrappedKeys: [leaf('b'), leaf('c')] },
  ],
});
const messageId = patterned(16);
const header = rawHeader({
  segmentLog2: 14,
  messageId,
  context: [{ key: 'row', kind: 1 }, { key: 'tenant', value: 'acme' }],
  revision: 7,
  wrappedKeys: [
    { provider: 'aws-kms', keyId: 'arn:aws:kms:1', algorithm: 'SYMMETRIC_DEFAULT', ciphertext: patterned(184) },
    { provider: 'gcp-kms', keyId: 'projects/p', algorithm: '', ciphertext: new Uint8Array(0) },
    { provider: 'quorum', keyId: 'policy', algorithm: 'SHAMIR-GF256', ciphertext: quorum },
  ],
  padding: new Uint8Array(33),
});

const leafInfo = (keyId: string) => ({
  provider: 'test', keyId, keyVersion: '1', algorithm: 'L', ciphertextLength: 5, pending: false,
});
const described = {
  formatVersion: 1,
  suite: 1,
  messageId: hex(messageId),
  segmentSize: 16_384,
  context: [{ key: 'row', kind: 'external', value: '' }, { key: 'tenant', kind: 'embedded', value: 'acme' }],
  revision: 7,
  wrappedKeys: [
    { provider: 'aws-kms', keyId: 'arn:aws:kms:1', keyVersion: '', algorithm: 'SYMMETRIC_DEFAULT', ciphertextLength: 184, pending: false },
    { provider: 'gcp-kms', keyId: 'projects/p', keyVersion: '', algorithm: '', ciphertextLength: 0, pending: true },
    {
      provider: 'quorum', keyId: 'policy', keyVersion: '', algorithm: 'SHAMIR-GF256', ciphertextLength: quorum.length, pending: false,
      quorum: {
        threshold: 2,
        shares: [
          { index: 1, wrappedKeys: [leafInfo('a')] },
          { index: 4, wrappedKeys: [leafInfo('b'), leafInfo('c')] },
        ],
      },
    },
  ],
  headerLength: header.length,
  headerPadding: 33,
};

describe('inspect', () => {
  it('tells everything that a header says', () => {
    expect(inspect(header)).toEqual(described);
  });

  it('tells of a payload what its length claims', () => {
    const payload = concat(messageId, new Uint8Array(16_384 + 16 + 100 + 16));
    expect(inspect(concat(header, payload))).toEqual({
      ...described,
      payload: { length: payload.length, segments: 2, plaintextLength: 16_484 },
    });
  });

  it('tells it from the beginning of an envelope and the length of its payload', () => {
    const told = { ...described, payload: { length: 16 + 16_384 + 16, segments: 1, plaintextLength: 16_384 } };
    expect(inspect(header, { payloadLength: 16_416 })).toEqual(told);
    expect(inspect(concat(header, messageId), { payloadLength: 16_416 })).toEqual(told);
    expect(inspect(concat(header, messageId.subarray(0, 5)), { payloadLength: 16_416 })).toEqual(told);
    // 32 tebibytes, of which nothing is at hand.
    expect(inspect(header, { payloadLength: 2 ** 45 + 1 }).payload?.segments).toBe(Math.ceil((2 ** 45 - 15) / 16_400));
  });

  it('agrees with what was written', async () => {
    const keyring = new TestKeyring();
    for (const length of [0, 1, 4096, 4097, 20_000]) {
      const envelope = await encrypt(patterned(length), { keyring, segmentSize: 4096 });
      const info = inspect(envelope);
      expect(info.payload?.plaintextLength).toBe(length);
      expect(info.payload?.segments).toBe(Math.max(1, Math.ceil(length / 4096)));
      expect(info.headerLength + (info.payload?.length ?? 0)).toBe(envelope.length);
      expect(info).toMatchObject({ revision: 0, suite: 1, context: [], headerPadding: 0 });
    }
  });

  it('calls no keyring and needs none, and does not check the MAC', async () => {
    const { header: detached } = await encryptDetached(patterned(10), { keyring: new TestKeyring() });
    expect(inspect(flipped(detached, detached.length - 1))).toEqual(inspect(detached));
  });

  it('names a payload that is not the header’s', async () => {
    const error = await failure(() => inspect(concat(header, flipped(messageId, 3), new Uint8Array(100))), 'payload-mismatch');
    expect(error.details).toEqual({ headerMessageId: hex(messageId), payloadMessageId: hex(flipped(messageId, 3)) });
    await failure(() => inspect(concat(header, flipped(messageId, 3)), { payloadLength: 16_416 }), 'payload-mismatch');
  });

  it('names a payload that cannot be one by its length', async () => {
    await failure(() => inspect(concat(header, messageId.subarray(0, 15))), 'truncated');
    await failure(() => inspect(concat(header, messageId)), 'truncated');
    await failure(() => inspect(header, { payloadLength: 31 }), 'truncated');
    await failure(() => inspect(header, { payloadLength: 16 + 16_400 + 15 }), 'truncated');
    await failure(() => inspect(header, { payloadLength: 16 + 16_400 + 16 }), 'malformed');
    await failure(() => inspect(header, { payloadLength: 2 ** 53 - 1 }), 'limit-exceeded');
  });

  it('gives values of its own', () => {
    const bytes = header.slice();
    const info = inspect(bytes);
    bytes.fill(0);
    expect(info).toEqual(described);
  });
});
