import { like } from '@keyfold/dev/testing';
import { expect, it } from 'vitest';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
const { name } = await sim.gcp.createKey({ location: HOME });
const old = await sim.gcp.createKey({ location: HOME });
const rsa = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
const check = async (options: Parameters<typeof keyring>[0]): Promise<unknown> =>
  await keyring(options).check({ signal: new AbortController().signal });

it.each([
  ['writer', 'Decrypt', { wrap: 'yes', unwrap: 'no' }, '1', 'enabled'],
  ['reader', 'Encrypt', { wrap: 'no', unwrap: 'yes' }, '', 'unknown'],
])('finds nothing wrong with a %s', async (_who, operation, permitted, keyVersion, state) => {
  const fault = sim.faults.inject({ kind: 'access-denied', operation });
  expect(await check({ key: name })).toEqual([
    { provider: 'gcp-kms', keyId: name, keyVersion, reachable: true, state, permitted: { ...permitted, generate: 'no' } },
  ]);
  fault.clear();
});

it('finds what is wrong with who may do nothing', async () => {
  const fault = sim.faults.inject({ kind: 'access-denied' });
  for (const key of [name, rsa.version]) {
    expect(await check({ key })).toMatchObject([
      { reachable: true, permitted: { wrap: 'no', unwrap: 'no' }, problem: { reason: 'access-denied', remedy: like(/^Grant cloudkms\./) } },
    ]);
  }
  fault.clear();
});

it('looks at keys that are only unwrapped with, too', async () => {
  const missing = `${name}-none`;
  expect(await check({ key: name, alsoUnwrap: [old.name, rsa.version, missing] })).toMatchObject([
    { keyId: name, permitted: { wrap: 'yes', unwrap: 'yes' } },
    { keyId: old.name, permitted: { wrap: 'no', unwrap: 'yes' } },
    { keyId: rsa.name, permitted: { wrap: 'no', unwrap: 'yes' } },
    { keyId: missing, state: 'not-found', permitted: { wrap: 'no' }, problem: { reason: 'not-found' } },
  ]);
});
