import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { errorName, failureOf } from './support/failure.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { bytes, present, withBitFlipped } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();
const key = await sim.aws.createKey({ region: HOME, alias: 'alias/app' });
const other = await sim.aws.createKey({ region: HOME });
const secret = bytes(32);

async function encrypt(context?: Record<string, string>, on: KMSClient = kms): Promise<Uint8Array> {
  const answer = await on.send(
    new EncryptCommand({ KeyId: key.arn, Plaintext: secret, EncryptionContext: context }),
  );
  return present(answer.CiphertextBlob);
}

describe('Encrypt and Decrypt', () => {
  it('give back what was encrypted, under the key that the ciphertext tells', async () => {
    const blob = await encrypt();
    const answer = await kms.send(new DecryptCommand({ CiphertextBlob: blob }));
    expect(answer).toMatchObject({ KeyId: key.arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(answer.Plaintext).toEqual(secret);
    expect(answer.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
  });

  it('give another ciphertext each time', async () => {
    expect(await encrypt()).not.toEqual(await encrypt());
  });

  it.each([
    ['key id', key.keyId],
    ['key ARN', key.arn],
    ['alias name', 'alias/app'],
    ['alias ARN', present(key.aliasArn)],
  ])('take a %s and answer with the key ARN', async (_, KeyId) => {
    const sealed = await kms.send(new EncryptCommand({ KeyId, Plaintext: secret }));
    expect(sealed.KeyId).toBe(key.arn);
    const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob: sealed.CiphertextBlob }));
    expect(opened.KeyId).toBe(key.arn);
    expect(opened.Plaintext).toEqual(secret);
  });

  it('refuse another key than the one that encrypted', async () => {
    const call = kms.send(new DecryptCommand({ KeyId: other.arn, CiphertextBlob: await encrypt() }));
    expect(await failureOf(call)).toEqual({
      name: 'IncorrectKeyException',
      status: 400,
      message: 'The key ID in the request does not identify a CMK that can perform this operation.',
    });
  });

  it('refuse, in another Region, a ciphertext whose key does not exist there', async () => {
    const call = client(AWAY).send(new DecryptCommand({ CiphertextBlob: await encrypt() }));
    expect(await failureOf(call)).toMatchObject({
      name: 'AccessDeniedException',
      status: 400,
      message: expect.stringContaining('does not exist in this region') as string,
    });
  });

  it('refuse every ciphertext with one bit changed, and every truncation', async () => {
    const blob = await encrypt();
    const names = new Set<string>();
    for (let at = 0; at < blob.byteLength; at += 1) {
      const CiphertextBlob = withBitFlipped(blob, at);
      names.add(await errorName(kms.send(new DecryptCommand({ KeyId: key.arn, CiphertextBlob }))));
    }
    for (let length = 1; length < blob.byteLength; length += 1) {
      const CiphertextBlob = blob.subarray(0, length);
      names.add(await errorName(kms.send(new DecryptCommand({ KeyId: key.arn, CiphertextBlob }))));
    }
    expect([...names]).toEqual(['InvalidCiphertextException']);
  });

  it('limit the plaintext to 4096 bytes and the ciphertext to 6144', async () => {
    const Plaintext = bytes(4096);
    const sealed = await kms.send(new EncryptCommand({ KeyId: key.arn, Plaintext }));
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }));
    expect(opened.Plaintext).toEqual(Plaintext);
    for (const length of [0, 4097]) {
      const call = kms.send(new EncryptCommand({ KeyId: key.arn, Plaintext: bytes(length) }));
      expect(await errorName(call)).toBe('ValidationException');
    }
    const tooLong = kms.send(new DecryptCommand({ CiphertextBlob: bytes(6145) }));
    expect(await failureOf(tooLong)).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("'ciphertextBlob'") as string,
    });
  });

  it('refuse an algorithm that is not the key’s', async () => {
    const call = kms.send(
      new EncryptCommand({ KeyId: key.arn, Plaintext: secret, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }),
    );
    expect(await failureOf(call)).toMatchObject({
      name: 'InvalidKeyUsageException',
      message: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
    });
  });
});

describe('the encryption context', () => {
  const context = { tenant: 'acme', Purpose: 'backup' };

  async function decryptWith(EncryptionContext: Record<string, string> | undefined): Promise<string> {
    const CiphertextBlob = await encrypt(context);
    const call = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    return await call.then(
      () => 'opened',
      (error: unknown) => (error as Error).name,
    );
  }

  it('opens with the same pairs in any order', async () => {
    expect(await decryptWith({ Purpose: 'backup', tenant: 'acme' })).toBe('opened');
  });

  it.each([
    ['no context', undefined],
    ['an empty one', {}],
    ['a pair missing', { tenant: 'acme' }],
    ['a pair more', { ...context, more: '1' }],
    ['a value in another case', { ...context, tenant: 'Acme' }],
    ['a key in another case', { tenant: 'acme', purpose: 'backup' }],
    ['key and value exchanged', { acme: 'tenant', Purpose: 'backup' }],
    ['two pairs run together', { tenant: 'acme","Purpose":"backup' }],
  ])('does not open with %s', async (_, wrong) => {
    expect(await decryptWith(wrong)).toBe('InvalidCiphertextException');
  });

  it('does not open with one where there was none', async () => {
    const call = kms.send(new DecryptCommand({ CiphertextBlob: await encrypt(), EncryptionContext: context }));
    expect(await errorName(call)).toBe('InvalidCiphertextException');
  });

  it('may hold any text, names of object internals too', async () => {
    const odd = Object.fromEntries([['__proto__', 'x'], ['constructor', ''], ['ключ', '\u{1f511}\n"']]);
    const CiphertextBlob = await encrypt(odd);
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: odd }));
    expect(opened.Plaintext).toEqual(secret);
    const { ['__proto__']: _, ...rest } = odd;
    const call = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: rest }));
    expect(await errorName(call)).toBe('InvalidCiphertextException');
  });
});

describe('a dry run', () => {
  it('ends with DryRunOperationException where the real run would succeed', async () => {
    const CiphertextBlob = await encrypt();
    const sealing = kms.send(new EncryptCommand({ KeyId: key.arn, Plaintext: secret, DryRun: true }));
    expect(await errorName(sealing)).toBe('DryRunOperationException');
    const opening = kms.send(new DecryptCommand({ CiphertextBlob, DryRun: true }));
    expect(await errorName(opening)).toBe('DryRunOperationException');
    const wrong = kms.send(new DecryptCommand({ CiphertextBlob, KeyId: other.arn, DryRun: true }));
    expect(await errorName(wrong)).toBe('IncorrectKeyException');
  });

  it('needs no ciphertext with IGNORE_CIPHERTEXT, but a key', async () => {
    const ignoring = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT' as const] };
    const withKey = kms.send(new DecryptCommand({ KeyId: key.arn, ...ignoring }));
    expect(await errorName(withKey)).toBe('DryRunOperationException');
    expect(await errorName(kms.send(new DecryptCommand(ignoring)))).toBe('ValidationException');
  });
});
