/** Data keys are wiped where this package can, and never said. */
import { inspect } from 'node:util';
import { CryptographyClient } from '@azure/keyvault-keys';
import type { AzureKeyVaultClient } from '@keyfold/azure-keyvault';
import { encryptionContext } from '@keyfold/core/keyring';
import { until } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { expect, it } from 'vitest';
import { simulated, versionOf } from './support/simulated.js';
import { watched } from './support/watched.js';

const { sim, keyring } = await simulated();
const { keyId, id } = await sim.azure.createKey();
const wrappedKey = await wrapOne(keyring({ key: keyId }));
const isWiped = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** A real client whose unwrapped keys can be looked at, and held back after they were answered. */
function holding(until_: Promise<void>): { readonly client: () => AzureKeyVaultClient; readonly plaintexts: Uint8Array[] } {
  const plaintexts: Uint8Array[] = [];
  const real = new CryptographyClient(id, sim.azure.credential, sim.azure.clientOptions());
  const client: AzureKeyVaultClient = {
    wrapKey: async (algorithm, key, options) => await real.wrapKey(algorithm, key, options),
    unwrapKey: async (algorithm, key, options) => {
      const answer = await real.unwrapKey(algorithm, key, options);
      plaintexts.push(answer.result);
      await until_;
      return answer;
    },
  };
  return { client: () => client, plaintexts };
}

it('what the client answered is wiped once it was read', async () => {
  const { client, plaintexts } = holding(Promise.resolve());
  expect((await unwrapFrom(keyring({ key: keyId, client }), [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
  expect(plaintexts.map(isWiped)).toEqual([true]);
});

it('what is answered after the caller went away is wiped, too', async () => {
  let release = (): void => undefined;
  const { client, plaintexts } = holding(
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  const controller = new AbortController();
  const seen = failure(unwrapFrom(keyring({ key: keyId, client }), [wrappedKey], {}, { signal: controller.signal }), 'aborted');
  await until(() => plaintexts.length === 1);
  expect(plaintexts.map(isWiped)).toEqual([false]);
  controller.abort();
  await seen;
  release();
  await until(() => plaintexts.every(isWiped));
});

it('what is not accepted is wiped', async () => {
  const handed: Uint8Array[] = [];
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => {
    handed.push(keyMaterial);
    return await Promise.resolve(false);
  };
  const { signal } = new AbortController();
  const unwrapping = keyring({ key: keyId }).unwrap({ wrappedKeys: [wrappedKey], context: await encryptionContext({}), accepts, signal });
  expect((await failure(unwrapping, 'keyring-failed')).details.reason).toBe('integrity');
  expect(handed.map(isWiped)).toEqual([true]);
});

it('an answer of another length is refused, without its bytes', async () => {
  const client = new CryptographyClient(id, sim.azure.credential, sim.azure.clientOptions());
  const { result: ciphertext } = await client.wrapKey('RSA-OAEP-256', new Uint8Array(16).fill(7));
  const short = { ...wrappedKey, keyVersion: versionOf(id), ciphertext };
  const { details, message } = await failure(unwrapFrom(keyring({ key: keyId }), [short]), 'keyring-failed');
  expect(details.reason).toBe('integrity');
  expect(message).toContain('without a data key of 32 bytes');
});

it('an answer that cannot be read is not quoted, whatever its status', async () => {
  const value = Buffer.from(DATA_KEY).toString('base64url');
  for (const status of [200, 400, 500]) {
    const { options } = watched(sim.azure.clientOptions(), (answer, { hasToken }) =>
      hasToken ? { ...answer, status, bodyAsText: `{"kid":"${id}","value":"${value}"` } : answer,
    );
    const error = await failure(unwrapFrom(keyring({ key: keyId, clientOptions: options }), [wrappedKey]), 'keyring-failed');
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(value);
  }
});

it('neither a token nor a request is kept in an error', async () => {
  const { token } = sim.azure.token();
  const credential = { getToken: async () => await Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  for (const kind of ['unavailable', 'access-denied', 'reset'] as const) {
    const fault = sim.faults.inject({ kind, operation: 'WrapKey' });
    const error = await failure(wrapOne(keyring({ key: keyId, credential })), 'keyring-failed');
    fault.clear();
    const shown = inspect(error, { depth: Infinity, showHidden: true });
    expect(shown).not.toContain(token);
    expect(shown).not.toContain(Buffer.from(DATA_KEY).toString('base64url'));
  }
});
