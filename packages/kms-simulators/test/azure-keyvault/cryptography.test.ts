import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import type { AzureKeyOperation } from '@keyfold/kms-simulators';
import { describe, expect, it } from 'vitest';
import { bytes, present, withBitFlipped } from '../support/values.js';
import { azureError, azureFailureOf } from './support/azure-failure.js';
import { azureRequest, type Answer } from './support/azure-request.js';
import { azureSimulated } from './support/azure-simulated.js';

const { sim, keys, cryptography } = await azureSimulated();
const key = await sim.azure.createKey({ name: 'app' });
const hsm = await sim.azure.createKey({ vault: 'hsm', kty: 'oct-HSM' });
const value = bytes(32);
const plain = Buffer.from(value);

describe('RSA', () => {
  it.each([key.id, key.keyId])('wraps and unwraps, with a version in the id and without', async (id) => {
    const { result, keyID } = await cryptography(id).wrapKey('RSA-OAEP-256', value);
    expect(result).toHaveLength(256);
    expect(keyID).toBe(key.id);
    expect((await cryptography(id).unwrapKey('RSA-OAEP-256', result)).result).toEqual(plain);
    expect(sim.requests.list({ operation: 'UnwrapKey' }).at(-1)).toMatchObject({ keyId: id, keys: [key.id], outcome: 'ok', vault: 'keyfold' });
  });

  it('makes what the public key makes', async () => {
    const { key: jwk } = await keys().getKey('app');
    const [n, e] = [present(jwk?.n), present(jwk?.e)].map((part) => Buffer.from(part).toString('base64url'));
    const publicKey = createPublicKey({ key: { kty: 'RSA', n: present(n), e: present(e) }, format: 'jwk' });
    for (const [algorithm, padding, oaepHash] of [
      ['RSA-OAEP-256', constants.RSA_PKCS1_OAEP_PADDING, 'sha256'],
      ['RSA-OAEP', constants.RSA_PKCS1_OAEP_PADDING, 'sha1'],
      ['RSA1_5', constants.RSA_PKCS1_PADDING, undefined],
    ] as const) {
      const sealed = publicEncrypt({ key: publicKey, padding, ...(oaepHash && { oaepHash }) }, value);
      expect((await cryptography(key.id).unwrapKey(algorithm, sealed)).result).toEqual(plain);
      expect((await cryptography(key.id).decrypt({ algorithm, ciphertext: sealed })).result).toEqual(plain);
    }
  });

  it('encrypts at the service too', async () => {
    const { result } = await cryptography(key.id).encrypt({ algorithm: 'RSA-OAEP-256', plaintext: value });
    expect(sim.requests.count({ operation: 'Encrypt', outcome: 'ok' })).toBe(1);
    expect((await cryptography(key.id).decrypt({ algorithm: 'RSA-OAEP-256', ciphertext: result })).result).toEqual(plain);
  });

  it('takes as many bytes as fit', async () => {
    expect((await cryptography(key.id).wrapKey('RSA-OAEP-256', bytes(190))).result).toHaveLength(256);
    expect(await azureError(cryptography(key.id).wrapKey('RSA-OAEP-256', bytes(191)))).toBe('400 BadParameter');
  });

  it('refuses what another version or key made, or a changed bit, without saying why', async () => {
    const { result } = await cryptography(key.id).wrapKey('RSA-OAEP-256', value);
    const changed = cryptography(key.id).unwrapKey('RSA-OAEP-256', withBitFlipped(result, 9));
    expect(await azureFailureOf(changed)).toEqual({
      status: 400,
      code: 'BadParameter',
      inner: undefined,
      message: 'The parameter is incorrect.\r\n',
    });
    const other = await sim.azure.createKey();
    expect(await azureError(cryptography(other.id).unwrapKey('RSA-OAEP-256', result))).toBe('400 BadParameter');
    const old = await sim.azure.createKey({ name: 'rotated' });
    const sealed = await cryptography(old.id).wrapKey('RSA-OAEP-256', value);
    const current = await sim.azure.rotateKey(old.keyId);
    expect(await azureError(cryptography(old.keyId).unwrapKey('RSA-OAEP-256', sealed.result))).toBe('400 BadParameter');
    expect((await cryptography(old.id).unwrapKey('RSA-OAEP-256', sealed.result)).result).toEqual(plain);
    expect((await cryptography(old.keyId).wrapKey('RSA-OAEP-256', value)).keyID).toBe(current.id);
  });

  it('has no AES algorithms', async () => {
    expect(await azureError(cryptography(key.id).wrapKey('A256KW', value))).toBe('400 BadParameter');
  });
});

describe('AES of a managed HSM', () => {
  it.each([
    ['A128KW', 128],
    ['A192KW', 192],
    ['A256KW', 256],
  ] as const)('%s wraps and unwraps', async (algorithm, size) => {
    const { id } = await sim.azure.createKey({ vault: 'hsm', kty: 'oct-HSM', size });
    const { result } = await cryptography(id).wrapKey(algorithm, value);
    expect(result).toHaveLength(40);
    expect((await cryptography(id).unwrapKey(algorithm, result)).result).toEqual(plain);
    expect(await azureError(cryptography(id).unwrapKey(algorithm, withBitFlipped(result, 0)))).toBe('400 BadParameter');
  });

  it('refuses lengths that RFC 3394 has not, the wrong size, and RSA', async () => {
    expect(await azureError(cryptography(hsm.id).wrapKey('A256KW', bytes(31)))).toBe('400 BadParameter');
    expect(await azureError(cryptography(hsm.id).wrapKey('A256KW', bytes(8)))).toBe('400 BadParameter');
    expect(await azureError(cryptography(hsm.id).wrapKey('A128KW', value))).toBe('400 BadParameter');
    expect(await azureError(cryptography(hsm.id).wrapKey('RSA-OAEP-256', value))).toBe('400 BadParameter');
  });

  it('wraps with RSA-HSM keys too', async () => {
    const { id } = await sim.azure.createKey({ vault: 'hsm', kty: 'RSA-HSM' });
    const { result } = await cryptography(id).wrapKey('RSA-OAEP-256', value);
    expect((await cryptography(id).unwrapKey('RSA-OAEP-256', result)).result).toEqual(plain);
  });
});

/**
 * By HTTP alone: the SDK, which fetches the key, looks at its operations and times itself before it asks.
 */
async function use(id: string, operation: 'wrapkey' | 'unwrapkey', algorithm: string, sent: Uint8Array): Promise<Answer> {
  const { pathname } = new URL(id);
  const body = JSON.stringify({ alg: algorithm, value: Buffer.from(sent).toString('base64url') });
  const [vault = '', token = ''] = id.startsWith(sim.azure.vaultUrl('hsm')) ? ['hsm', sim.azure.token({ audience: 'https://managedhsm.azure.net' }).token] : ['keyfold', sim.azure.token().token];
  return await azureRequest(sim, 'POST', `${pathname}/${operation}?api-version=7.6`, { vault, token, body });
}

describe('a version may be used', () => {
  const wrapped = (answer: Answer): Uint8Array => Buffer.from(String(answer.body['value']), 'base64url');
  const aes = async (operations?: AzureKeyOperation[]): ReturnType<typeof sim.azure.createKey> =>
    await sim.azure.createKey({ vault: 'hsm', kty: 'oct-HSM', ...(operations && { operations }) });
  const refusal = (inner: string | undefined, message: string): unknown => ({
    status: 403,
    body: { error: { code: 'Forbidden', message, ...(inner && { innererror: { code: inner } }) } },
  });

  it('for what its operations name alone', async () => {
    const { id } = await aes(['wrapKey']);
    const sealed = wrapped(await use(id, 'wrapkey', 'A256KW', value));
    expect(await use(id, 'unwrapkey', 'A256KW', sealed)).toMatchObject(
      refusal('KeyOperationForbidden', 'Operation unwrapKey is not permitted on this key.') as object,
    );
    const { id: unwraps } = await aes(['unwrapKey']);
    expect(await use(unwraps, 'wrapkey', 'A256KW', value)).toMatchObject(
      refusal('KeyOperationForbidden', 'Operation wrapKey is not permitted on this key.') as object,
    );
  });

  it('while it is enabled', async () => {
    const { id, keyId } = await aes();
    const { result } = await cryptography(id).wrapKey('A256KW', value);
    await sim.azure.setEnabled(id, false);
    expect(await azureFailureOf(cryptography(id).unwrapKey('A256KW', result))).toEqual({
      status: 403,
      code: 'Forbidden',
      inner: 'KeyDisabled',
      message: 'Operation unwrapKey is not allowed on a disabled key.',
    });
    expect(await azureError(cryptography(id).wrapKey('A256KW', value))).toBe('403 Forbidden KeyDisabled');
    // Another version of the key is not concerned, and the disabled one comes back.
    await sim.azure.rotateKey(keyId);
    await cryptography(keyId).wrapKey('A256KW', value);
    await sim.azure.setEnabled(id, true);
    expect((await cryptography(id).unwrapKey('A256KW', result)).result).toEqual(plain);
  });

  it('to encrypt within its times, and to decrypt always', async () => {
    const { id, name, version } = await aes();
    const sealed = wrapped(await use(id, 'wrapkey', 'A256KW', value));
    for (const [times, words] of [
      [{ notBefore: new Date(sim.clock.now() + 60_000) }, 'Operation wrapKey is not allowed on a key that is not yet valid.'],
      [{ notBefore: new Date(1000), expiresOn: new Date(sim.clock.now() - 60_000) }, 'Operation wrapKey is not allowed on an expired key.'],
    ] as const) {
      await keys('hsm').updateKeyProperties(name, version, times);
      expect(await use(id, 'wrapkey', 'A256KW', value)).toMatchObject(refusal(undefined, words) as object);
      expect(wrapped(await use(id, 'unwrapkey', 'A256KW', sealed))).toEqual(plain);
    }
  });

  it('until the simulated clock says that it is expired', async () => {
    const { id, name, version } = await aes();
    await keys('hsm').updateKeyProperties(name, version, { expiresOn: new Date(sim.clock.now() + 3_600_000) });
    expect((await use(id, 'wrapkey', 'A256KW', value)).status).toBe(200);
    sim.clock.advance(3_600_000);
    expect((await use(id, 'wrapkey', 'A256KW', value)).status).toBe(403);
  });
});
