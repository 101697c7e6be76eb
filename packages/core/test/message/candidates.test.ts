import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/index.js';
import type { Keyring, UnwrapResult, WrappedKey } from '../../src/keyring/index.js';
import { concat, patterned, utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { referenceMessage } from '../support/reference.js';
import { TestKeyring } from '../support/test-keyring.js';

const plaintext = utf8('the only copy');
const dataKey = patterned(32, 4);

/** An envelope with these wrapped keys, whose data key is `dataKey`. */
async function envelopeWith(...keyIds: readonly string[]): Promise<Uint8Array> {
  const wrappedKeys = keyIds.map((keyId) => ({ keyId, ciphertext: utf8(keyId) }));
  const { header, payload } = await referenceMessage(dataKey, { wrappedKeys, segments: [{ plaintext }] });
  return concat(header, payload);
}

/** A keyring that hands each wrapped key's answer to the engine and goes on while it is refused, as the contract says. */
function answering(answers: Readonly<Record<string, Uint8Array>>): Keyring & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    specificationVersion: 'keyring-v1',
    provider: 'test',
    name: 'answering',
    keks: [],
    wrap: async () => await Promise.reject(new Error('This keyring only opens.')),
    async unwrap({ wrappedKeys, accepts }): Promise<UnwrapResult | null> {
      for (const wrappedKey of wrappedKeys) {
        const keyMaterial = answers[wrappedKey.keyId]?.slice();
        if (keyMaterial === undefined) continue;
        asked.push(wrappedKey.keyId);
        if (await accepts(keyMaterial)) return { keyMaterial, wrappedKey };
      }
      return null;
    },
  };
}

const wrongAnswers: readonly (readonly [string, Uint8Array])[] = [
  ['another key', patterned(32, 5)],
  ['zeros', new Uint8Array(32)],
  ['nothing', new Uint8Array(0)],
  ['31 bytes of the right key', dataKey.subarray(0, 31)],
  ['the right key and one byte more', concat(dataKey, Uint8Array.of(0))],
  ['the right key twice', concat(dataKey, dataKey)],
];

describe('a keyring whose KMS answers wrongly for one wrapped key', () => {
  it.each(wrongAnswers)('goes on to the next: %s', async (_what, answer) => {
    const envelope = await envelopeWith('a', 'b', 'c');
    const keyring = answering({ a: answer, b: answer, c: dataKey });
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
    expect(keyring.asked).toEqual(['a', 'b', 'c']);
  });

  it('stops at the first that is accepted', async () => {
    const keyring = answering({ a: patterned(32, 5), b: dataKey, c: dataKey });
    expect(await decrypt(await envelopeWith('a', 'b', 'c'), { keyring })).toEqual(plaintext);
    expect(keyring.asked).toEqual(['a', 'b']);
  });

  it('may ask about several at once', async () => {
    const keyring: Keyring = {
      ...answering({}),
      async unwrap({ wrappedKeys, accepts }) {
        const candidates = [patterned(32, 5), dataKey.slice(), patterned(32, 6), dataKey.slice()];
        const verdicts = await Promise.all(candidates.map(async (candidate) => await accepts(candidate)));
        expect(verdicts).toEqual([false, true, false, true]);
        return { keyMaterial: candidates[3] as Uint8Array, wrappedKey: wrappedKeys[0] as WrappedKey };
      },
    };
    expect(await decrypt(await envelopeWith('a'), { keyring })).toEqual(plaintext);
  });
});

describe('a keyring that does not ask', () => {
  const returning = (keyMaterial: Uint8Array): Keyring => ({
    ...answering({}),
    unwrap: async ({ wrappedKeys }) =>
      await Promise.resolve({ keyMaterial: keyMaterial.slice(), wrappedKey: wrappedKeys[0] as WrappedKey }),
  });

  it('opens the envelope when its answer is right', async () => {
    expect(await decrypt(await envelopeWith('a'), { keyring: returning(dataKey) })).toEqual(plaintext);
  });

  it.each(wrongAnswers)('does not when it is not: %s', async (_what, answer) => {
    const error = await failure(decrypt(await envelopeWith('a'), { keyring: returning(answer) }), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([
      { provider: 'test', keyring: 'answering', keyId: 'a', outcome: 'failed', reason: 'integrity', retryable: false },
    ]);
    expect(error.message).toContain('external context value');
  });
});

describe('wrapped keys that a keyring is shown', () => {
  it('are those of all providers, and none that is pending', async () => {
    const wrappedKeys = [
      { provider: 'aws-kms', keyId: 'arn', algorithm: '', ciphertext: new Uint8Array(0) },
      { provider: 'other', keyId: 'x', keyVersion: '3', algorithm: 'B', ciphertext: utf8('o') },
      { provider: 'test', keyId: 'a' },
    ];
    const { header, payload } = await referenceMessage(dataKey, { wrappedKeys });
    const keyring = new TestKeyring();
    await failure(decrypt(concat(header, payload), { keyring }), 'no-matching-key');
    const [call] = keyring.calls;
    expect(call?.operation === 'unwrap' ? call.request.wrappedKeys : undefined).toEqual([
      { provider: 'other', keyId: 'x', keyVersion: '3', algorithm: 'B', ciphertext: utf8('o') },
      { provider: 'test', keyId: 'a', keyVersion: '', algorithm: 'A', ciphertext: Uint8Array.of(1, 2, 3) },
    ]);
  });
});

describe('a keyring that knows none of the wrapped keys', () => {
  it('gives no-matching-key, with a list of the keys that would do', async () => {
    const envelope = await encrypt(plaintext, { keyring: new TestKeyring({ provider: 'aws-kms', name: 'arn:1' }) });
    const error = await failure(decrypt(envelope, { keyring: new TestKeyring({ name: 'mine' }) }), 'no-matching-key');
    expect(error.details).toEqual({ wrappedKeys: [{ provider: 'aws-kms', keyId: 'arn:1' }] });
    for (const part of ['mine', 'aws-kms', 'arn:1']) expect(error.message).toContain(part);
  });

  it('shortens ids without end, and tells of keys without number how many there are', async () => {
    const wrappedKeys = Array.from({ length: 20 }, (_, i) => ({
      provider: `p${'v'.repeat(250)}`,
      keyId: `a${String(i).padStart(2, '0')}${'x'.repeat(20_000)}${i}.`,
      keyVersion: '',
      algorithm: 'A',
      ciphertext: Uint8Array.of(1),
    }));
    const { header, payload } = await referenceMessage(dataKey, { wrappedKeys });
    const opening = decrypt(concat(header, payload), { keyring: new TestKeyring(), limits: { headerBytes: 1 << 20 } });
    const error = await failure(opening, 'no-matching-key');
    expect(error.details.wrappedKeys).toEqual(wrappedKeys.map(({ provider, keyId }) => ({ provider, keyId })));
    const [first, ...lines] = error.message.split('\n');
    expect(first).toMatch(/one of them:$/);
    expect(lines).toHaveLength(9);
    for (const [i, line] of lines.slice(0, 8).entries()) {
      expect(line).toMatch(new RegExp(`^  pv{250} a0${i}x+\\.\\.\\.x+${i}\\.$`));
      expect(line.length).toBeLessThan(600);
    }
    expect(lines[8]).toBe('  and 12 more');
  });

  it('shows the longest id that a cloud gives out as it is', async () => {
    const keyId = `projects/${'p'.repeat(30)}/locations/${'l'.repeat(30)}/keyRings/${'r'.repeat(63)}/cryptoKeys/${'k'.repeat(63)}`;
    const envelope = await encrypt(plaintext, { keyring: new TestKeyring({ provider: 'gcp-kms', name: keyId }) });
    const error = await failure(decrypt(envelope, { keyring: new TestKeyring({ name: 'mine' }) }), 'no-matching-key');
    expect(error.message.endsWith(`\n  gcp-kms ${keyId}`)).toBe(true);
  });

  it('gives it even after it had one accepted: it says that none is its own', async () => {
    const keyring: Keyring = {
      ...answering({}),
      async unwrap({ accepts }) {
        await accepts(dataKey.slice());
        return null;
      },
    };
    await failure(decrypt(await envelopeWith('a'), { keyring }), 'no-matching-key');
  });
});
