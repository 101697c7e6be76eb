import { like } from '@keyfold/dev/testing';
import { beforeEach, expect, it } from 'vitest';
import { simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
const { keyId, id, version } = await sim.azure.createKey();
const old = await sim.azure.createKey();
const aes = await sim.azure.createKey({ vault: 'hsm', kty: 'oct-HSM' });
const check = async (options: Parameters<typeof keyring>[0]): Promise<unknown> =>
  await keyring(options).check({ signal: new AbortController().signal });

beforeEach(() => {
  sim.faults.clear();
});

it.each([
  ['writer', 'UnwrapKey', { wrap: 'yes', unwrap: 'no' }, version, 'enabled'],
  ['reader', 'WrapKey', { wrap: 'no', unwrap: 'yes' }, '', 'unknown'],
])('finds nothing wrong with a %s', async (_who, operation, permitted, keyVersion, state) => {
  sim.faults.inject({ kind: 'access-denied', operation });
  expect(await check({ key: keyId })).toEqual([
    { provider: 'azure-keyvault', keyId, keyVersion, reachable: true, state, permitted: { ...permitted, generate: 'no' } },
  ]);
});

it('finds what is wrong with who may do nothing', async () => {
  sim.faults.inject({ kind: 'access-denied', operation: ['WrapKey', 'UnwrapKey'] });
  for (const key of [keyId, id]) {
    expect(await check({ key })).toMatchObject([
      { reachable: true, permitted: { wrap: 'no', unwrap: 'no' }, problem: { reason: 'access-denied', remedy: like(/^Grant keys\/wrap\/action/) } },
    ]);
  }
});

it('looks at keys that are only unwrapped with, too', async () => {
  const missing = `${keyId}-none`;
  expect(await check({ key: aes.keyId, algorithm: 'A256KW', alsoUnwrap: [old.keyId, old.id, missing] })).toMatchObject([
    { keyId: aes.keyId, keyVersion: aes.version, permitted: { wrap: 'yes', unwrap: 'yes' } },
    { keyId: old.keyId, keyVersion: '', permitted: { wrap: 'no', unwrap: 'yes' } },
    { keyId: old.keyId, keyVersion: old.version, permitted: { wrap: 'no', unwrap: 'yes' } },
    { keyId: missing, state: 'not-found', permitted: { wrap: 'no' }, problem: { reason: 'not-found' } },
  ]);
});
