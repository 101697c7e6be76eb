/** What the service's errors mean, and what is done about them. */
import { like } from '@keyfold/dev/testing';
import { failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { hostOf, simulated } from './support/simulated.js';
import { watched } from './support/watched.js';

const { sim, keyring } = await simulated();
const { keyId } = await sim.azure.createKey({ name: 'app' });
const hsm = await sim.azure.createKey({ vault: 'hsm', kty: 'oct-HSM' });
const wrappedKey = await wrapOne(keyring({ key: keyId }));
const host = hostOf(keyId);

describe('errors of the service', () => {
  it.each([
    [401, 'Unauthorized', 'AKV10032: Invalid issuer.', 'access-denied', false, /AZURE_TENANT_ID/],
    [403, 'Forbidden', 'Caller is not authorized to perform action on resource.', 'access-denied', false, /keys\/wrap\/action on https/],
    [403, 'Forbidden', 'Client address is not authorized and caller is not a trusted service.', 'access-denied', false, /networking settings/],
    [403, 'Forbidden', 'Public network access is disabled and request is not from a trusted service.', 'access-denied', false, /private endpoint/],
    [403, 'Forbidden', 'Operation wrapKey is not allowed on a disabled key.', 'disabled', false, /set-attributes --enabled true/],
    [403, 'Forbidden', 'Operation wrapKey is not allowed on an expired key.', 'disabled', false, /az keyvault key rotate/],
    [404, 'KeyNotFound', '', 'not-found', false, /az keyvault key show --id .*az keyvault key recover --id/],
    [408, 'RequestTimeout', '', 'unavailable', true, /later/],
    [409, 'Conflict', 'Key app is currently in a deleted but recoverable state.', 'pending-deletion', false, /az keyvault key recover --id https.*deletedkeys\/app/],
    [429, 'Throttled', '', 'throttled', true, /caching keyring/],
    [500, 'InternalServerError', '', 'unavailable', true, /later/],
    [501, 'NotImplemented', '', 'misconfigured', false, /is not Azure Key Vault/],
    [503, 'ServiceUnavailable', '', 'unavailable', true, /later/],
    [400, 'BadParameter', 'Property alg has an invalid value', 'misconfigured', false, /algorithm: 'A256KW'/],
    [418, 'Teapot', '', 'unknown', false, /cause/],
  ])('%i %s %j is %s', async (status, code, message, reason, retryable, remedy) => {
    const fault = sim.faults.inject({ kind: 'error', operation: 'WrapKey', status, code, ...(message !== '' && { message }) });
    const { details, cause } = await failure(wrapOne(keyring({ key: keyId })), 'keyring-failed');
    fault.clear();
    expect(details).toMatchObject({ provider: 'azure-keyvault', keyId, operation: 'wrap', reason, retryable, remedy: like(remedy) });
    expect(cause).toBeInstanceOf(Error);
    expect(Object.keys(cause as object).sort()).toEqual(['code', 'name', 'statusCode']);
  });

  it('name the permission, the role and the key', async () => {
    const fault = sim.faults.inject({ kind: 'access-denied', operation: ['WrapKey', 'UnwrapKey'] });
    const { details } = await failure(unwrapFrom(keyring({ key: keyId }), [wrappedKey]), 'keyring-failed');
    fault.clear();
    expect(details.remedy).toBe(
      `Grant keys/unwrap/action on ${keyId} to this program’s principal: the role "Key Vault Crypto Service Encryption User", or where the vault has access policies the key permission unwrapKey.`,
    );
  });

  it('are told in one line', async () => {
    const fault = sim.faults.inject({ kind: 'access-denied', operation: 'WrapKey' });
    const { message } = await failure(wrapOne(keyring({ key: keyId })), 'keyring-failed');
    fault.clear();
    expect(message).toContain('Operation is not allowed. Operation: "wrapKey"');
    expect(message).not.toMatch(/[\r\n]/);
  });
});

describe('an answer that is not the service’s', () => {
  it.each([
    [301, 'misconfigured', false],
    [404, 'misconfigured', false],
    [429, 'throttled', true],
    [502, 'unavailable', true],
  ])('with status %i is %s', async (status, reason, retryable) => {
    for (const bodyAsText of ['<html>A proxy.</html>', '', '{}']) {
      const { options } = watched(sim.azure.clientOptions(), (answer, { hasToken }) => (hasToken ? { ...answer, status, bodyAsText } : answer));
      const { details, message } = await failure(wrapOne(keyring({ key: keyId, clientOptions: options })), 'keyring-failed');
      expect(details, bodyAsText).toMatchObject({ reason, retryable, remedy: like(/proxy/) });
      expect(message).toContain(`${status}`);
    }
  });
});

describe('a key of the wrong kind', () => {
  it('is said to need the other algorithm', async () => {
    const asAes = await failure(wrapOne(keyring({ key: keyId, algorithm: 'A256KW' })), 'keyring-failed');
    expect(asAes.details).toMatchObject({ reason: 'misconfigured', remedy: like(/'RSA-OAEP-256'/) });
    const asRsa = await failure(wrapOne(keyring({ key: hsm.keyId })), 'keyring-failed');
    expect(asRsa.details).toMatchObject({ reason: 'misconfigured', remedy: like(/'A256KW'/) });
  });

  it('does not unwrap', async () => {
    const ciphertext = new Uint8Array(40);
    const { details } = await failure(unwrapFrom(keyring({ key: keyId }), [{ ...wrappedKey, algorithm: 'A256KW', ciphertext }]), 'keyring-failed');
    expect(details.reason).toBe('corrupt');
  });
});

describe('a host', () => {
  it('that is none, or where nobody listens, is out of reach', async () => {
    for (const nowhere of ['127.0.0.1:9', 'keyfold.invalid']) {
      const key = keyId.replace(host, nowhere);
      const { details } = await failure(wrapOne(keyring({ key })), 'keyring-failed');
      expect(details).toMatchObject({ reason: 'unavailable', retryable: true });
      expect(details.remedy).toContain(nowhere);
    }
  });

  it('whose certificate nobody vouches for is not trusted', async () => {
    const { tlsOptions: _none, ...clientOptions } = sim.azure.clientOptions();
    const { details } = await failure(wrapOne(keyring({ key: keyId, clientOptions })), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'misconfigured', retryable: false, remedy: like(/NODE_EXTRA_CA_CERTS/) });
    expect(sim.requests.list().at(-1)?.outcome).not.toBe('no-answer');
  });

  it('that asks for a token of another is not given one', async () => {
    const { tlsOptions } = sim.azure.clientOptions();
    let asked = 0;
    const credential = {
      getToken: async () => {
        asked += 1;
        return await sim.azure.credential.getToken('https://vault.azure.net/.default');
      },
    };
    const { details } = await failure(wrapOne(keyring({ key: keyId, credential, clientOptions: { tlsOptions } })), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'misconfigured', remedy: like(/is the vault that you mean/) });
    expect(asked).toBe(0);
  });
});
