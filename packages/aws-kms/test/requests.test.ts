/** What AWS KMS is asked, to the letter. */
import { DecryptCommand } from '@aws-sdk/client-kms';
import { DATA_KEY, generateOne, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const key = await sim.aws.createKey({ region: HOME, alias: 'alias/app' });
const rsa = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
const CONTEXT = { tenant: 'acme', 'Größe': '10 µm', __proto: 'x' };

/** The requests that something makes. */
async function requestsOf(work: () => Promise<unknown>): Promise<ReturnType<typeof sim.requests.list>> {
  sim.requests.reset();
  await work();
  return sim.requests.list();
}

describe('a symmetric key', () => {
  const one = keyring({ key: key.arn });

  it('is sent the caller’s pairs unchanged and our mark, for every operation', async () => {
    const [wrapping] = await requestsOf(async () => await wrapOne(one, CONTEXT));
    const [generating] = await requestsOf(async () => await generateOne(one, CONTEXT));
    const wrapped = await wrapOne(one, CONTEXT);
    const [unwrapping] = await requestsOf(async () => await unwrapFrom(one, [wrapped], CONTEXT));
    const expected = { keyId: key.arn, region: HOME, outcome: 'ok', encryptionContext: { ...CONTEXT, 'keyfold:format': '1' } };
    expect(wrapping).toMatchObject({ operation: 'Encrypt', ...expected });
    expect(generating).toMatchObject({ operation: 'GenerateDataKey', ...expected });
    expect(unwrapping).toMatchObject({ operation: 'Decrypt', ...expected });
    expect(Object.keys(unwrapping?.encryptionContext ?? {})).toHaveLength(4);
  });

  it('is sent our mark where there is no context', async () => {
    const [wrapping] = await requestsOf(async () => await wrapOne(one));
    expect(wrapping?.encryptionContext).toEqual({ 'keyfold:format': '1' });
  });

  it('is sent a pair that is called __proto__', async () => {
    const context = new Map([['__proto__', 'acme']]);
    const [wrapping] = await requestsOf(async () => await wrapOne(one, context));
    expect(Object.entries(wrapping?.encryptionContext ?? {})).toContainEqual(['__proto__', 'acme']);
  });

  it('makes a wrapped key that AWS KMS itself opens, under that context alone', async () => {
    const { ciphertext: CiphertextBlob } = await wrapOne(one, { tenant: 'acme' });
    const kms = client();
    const EncryptionContext = { tenant: 'acme', 'keyfold:format': '1' };
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    expect(opened.Plaintext).toEqual(DATA_KEY);
    const unmarked = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { tenant: 'acme' } }));
    await expect(unmarked).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('is named in the wrapped key by its ARN, whatever it was called', async () => {
    const names = [key.arn, key.aliasArn ?? '', 'alias/app', key.keyId];
    for (const name of names) {
      const named = keyring({ key: name, region: HOME });
      const expected = { provider: 'aws-kms', keyId: key.arn, keyVersion: '', algorithm: 'SYMMETRIC_DEFAULT' };
      expect(await wrapOne(named)).toMatchObject(expected);
      expect((await generateOne(named)).wrappedKey).toMatchObject(expected);
    }
  });

  it('gives a new data key of 32 bytes with its wrapped copy', async () => {
    const { keyMaterial, wrappedKey } = await generateOne(one, CONTEXT);
    expect(keyMaterial).toHaveLength(32);
    expect(await unwrapFrom(one, [wrappedKey], CONTEXT, { expected: keyMaterial })).toMatchObject({ keyMaterial });
  });
});

describe('an RSA key', () => {
  const one = keyring({ key: rsa.arn, algorithm: 'RSAES_OAEP_SHA_256' });

  it('is sent no encryption context, which AWS KMS would refuse', async () => {
    const wrapped = await wrapOne(one, CONTEXT);
    expect(wrapped).toMatchObject({ keyId: rsa.arn, keyVersion: '', algorithm: 'RSAES_OAEP_SHA_256' });
    expect(wrapped.ciphertext).toHaveLength(256);
    const [wrapping] = await requestsOf(async () => await wrapOne(one, CONTEXT));
    const [unwrapping] = await requestsOf(async () => await unwrapFrom(one, [wrapped], CONTEXT));
    expect(wrapping).toMatchObject({ operation: 'Encrypt', keyId: rsa.arn, outcome: 'ok' });
    expect(unwrapping).toMatchObject({ operation: 'Decrypt', keyId: rsa.arn, outcome: 'ok' });
    expect([wrapping?.encryptionContext, unwrapping?.encryptionContext]).toEqual([undefined, undefined]);
  });

  it('is unwrapped with by a keyring that was not told its kind', async () => {
    const wrapped = await wrapOne(one);
    expect(await unwrapFrom(keyring({ key: rsa.arn }), [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it('cannot generate', () => {
    expect(one).not.toHaveProperty('generate');
  });
});
