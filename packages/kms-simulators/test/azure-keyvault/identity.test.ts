import { DefaultAzureCredential } from '@azure/identity';
import { CryptographyClient } from '@azure/keyvault-keys';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytes } from '../support/values.js';
import { azureRequest } from './support/azure-request.js';

import { azureSimulated, ONCE } from './support/azure-simulated.js';

const { sim } = await azureSimulated();
const { id } = await sim.azure.createKey({ name: 'app' });
const hsm = await sim.azure.createKey({ vault: 'hsm', kty: 'oct-HSM' });
const options = { ...sim.azure.clientOptions(), ...ONCE };

afterEach(() => {
  vi.unstubAllEnvs();
  sim.faults.clear();
  sim.requests.reset();
});

function managedIdentity(): DefaultAzureCredential {
  for (const [name, value] of Object.entries(sim.azure.environment())) vi.stubEnv(name, value);
  return new DefaultAzureCredential(ONCE);
}

describe('a managed identity', () => {
  it('gets tokens for vaults and managed HSMs, each its own', async () => {
    const credential = managedIdentity();
    const value = bytes(32);
    await new CryptographyClient(id, credential, options).wrapKey('RSA-OAEP-256', value);
    const { result } = await new CryptographyClient(hsm.id, credential, options).wrapKey('A256KW', value);
    expect(result).toHaveLength(40);
    expect(sim.requests.count({ operation: 'GetToken', outcome: 'ok' })).toBe(2);
  });

  it('gets none while the token endpoint is down', async () => {
    sim.faults.inject({ kind: 'access-denied', operation: 'GetToken' });
    // MSAL keeps tokens for the whole process, so it is asked for another resource.
    await expect(managedIdentity().getToken('https://elsewhere.example/.default')).rejects.toThrow('Operation is not allowed');
    expect(sim.requests.count({ operation: 'GetToken', outcome: 'Forbidden' })).toBeGreaterThan(0);
  });

  it.each([
    ['without the secret', '?resource=r&api-version=2019-08-01', 'wrong', 401],
    ['without a resource', '?api-version=2019-08-01', 'simulator', 400],
    ['without a version', '?resource=r', 'simulator', 400],
    ['at another path', '/x?resource=r&api-version=2019-08-01', 'simulator', 404],
  ])('gets none %s', async (_what, rest, secret, status) => {
    const answer = await fetch(`${sim.azure.identityEndpoint}${rest}`, { headers: { 'x-identity-header': secret } });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: expect.any(String) as string, error_description: expect.any(String) as string });
  });
});

describe('a request without a valid token', () => {
  const authorization = 'Bearer authorization="https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555"';
  const get = async (token: string, vault = 'keyfold'): ReturnType<typeof azureRequest> =>
    await azureRequest(sim, 'GET', '/keys/app?api-version=7.6', { token, vault });

  it('is told which token is wanted, and counted as a challenge', async () => {
    expect(await get('')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': `${authorization}, resource="https://vault.azure.net"` },
      body: { error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' } },
    });
    expect((await get('', 'hsm')).headers['www-authenticate']).toBe(`${authorization}, resource="https://managedhsm.azure.net"`);
    expect(sim.requests.counts().map(({ operation, count, keys: named }) => ({ operation, count, named }))).toEqual([
      { operation: 'Challenge', count: 1, named: [] },
      { operation: 'Challenge', count: 1, named: [] },
    ]);
  });

  it.each([
    ['for another service', () => sim.azure.token({ audience: 'https://management.azure.com' }).token, 'AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com.'],
    ['for a managed HSM', () => sim.azure.token({ audience: 'https://managedhsm.azure.net' }).token, 'AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://managedhsm.azure.net.'],
    ['that is expired', () => sim.azure.token({ lifetimeMs: -1 }).token, 'The token is expired.'],
    ['that is none', () => 'secret', 'The token is no JSON Web Token.'],
    ['with claims that are none', () => 'a.b.c', 'The token is no JSON Web Token.'],
  ])('is refused with one %s', async (_what, token, message) => {
    const { status, headers, body } = await get(token());
    expect({ status, body }).toEqual({ status: 401, body: { error: { code: 'Unauthorized', message } } });
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
    expect(sim.requests.count({ operation: 'GetKey', outcome: 'Unauthorized' })).toBe(1);
  });

});
