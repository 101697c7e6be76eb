/** What the service's errors mean, and what is done about them. */
import { like } from '@keyfold/dev/testing';
import { failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
const { name } = await sim.gcp.createKey({ location: HOME, key: 'app' });
const rsa = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
const wrappedKey = await wrapOne(keyring({ key: name }));

describe('errors of the service', () => {
  it.each([
    ['UNAUTHENTICATED', '', 'access-denied', false, /application-default login/],
    ['PERMISSION_DENIED', 'Cloud KMS API has not been used in project 1 before or it is disabled.', 'misconfigured', false, /services enable cloudkms/],
    ['NOT_FOUND', '', 'not-found', false, /gcloud kms keys list/],
    ['RESOURCE_EXHAUSTED', '', 'throttled', true, /caching keyring/],
    ['DEADLINE_EXCEEDED', '', 'timeout', true, /timeoutMs/],
    ['ABORTED', '', 'unavailable', true, /later/],
    ['INTERNAL', '', 'unavailable', true, /later/],
    ['UNAVAILABLE', 'No connection established. Last error: self-signed certificate', 'misconfigured', false, /NODE_EXTRA_CA_CERTS/],
    ['UNAVAILABLE', '', 'unavailable', true, /reaches Google Cloud KMS/],
    ['UNIMPLEMENTED', '', 'misconfigured', false, /endpoint/],
    ['FAILED_PRECONDITION', 'Something else.', 'misconfigured', false, /purpose/],
    ['FAILED_PRECONDITION', `${name}/cryptoKeyVersions/4 is not enabled, current state is: PENDING_GENERATION.`, 'unavailable', true, /version 4/],
    ['FAILED_PRECONDITION', 'projects/evil/locations/x/keyRings/r/cryptoKeys/k/cryptoKeyVersions/4 is not enabled, current state is: DISABLED.', 'misconfigured', false, /purpose/],
    ['INVALID_ARGUMENT', 'The checksum in field plaintext_crc32c did not match the data in field plaintext.', 'integrity', true, /memory/],
    ['UNKNOWN', 'Getting metadata from plugin failed with error: invalid_grant', 'access-denied', false, /credentials/],
    ['DATA_LOSS', '', 'unknown', false, /cause/],
  ])('%s %j is %s', async (code, message, reason, retryable, remedy) => {
    const fault = sim.faults.inject({ kind: 'error', code, ...(message !== '' && { message }) });
    const { details, cause } = await failure(wrapOne(keyring({ key: name })), 'keyring-failed');
    fault.clear();
    expect(details).toMatchObject({ provider: 'gcp-kms', keyId: name, operation: 'wrap', reason, retryable, remedy });
    expect(cause).toBeInstanceOf(Error);
    expect(Object.keys(cause as object).sort()).toEqual(['code', 'name']);
  });

  it('name the permission, the role and the key', async () => {
    const fault = sim.faults.inject({ kind: 'access-denied' });
    const { details } = await failure(unwrapFrom(keyring({ key: name }), [wrappedKey]), 'keyring-failed');
    fault.clear();
    expect(details.remedy).toBe(
      `Grant cloudkms.cryptoKeyVersions.useToDecrypt (roles/cloudkms.cryptoKeyDecrypter) on ${name} to this program’s principal, and check that the key exists.`,
    );
  });
});

describe('a key of the wrong kind', () => {
  it('is said to need its version, or none', async () => {
    const asSymmetric = await failure(wrapOne(keyring({ key: rsa.name })), 'keyring-failed');
    expect(asSymmetric.details).toMatchObject({ reason: 'misconfigured', remedy: like(/cryptoKeyVersions\/1/) });
    const asRsa = await failure(wrapOne(keyring({ key: `${name}/cryptoKeyVersions/1` })), 'keyring-failed');
    expect(asRsa.details).toMatchObject({ reason: 'misconfigured', remedy: like(/without a version/) });
  });

  it('is said to have an algorithm that is not used', async () => {
    const sha1 = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA1' });
    const { details, message } = await failure(wrapOne(keyring({ key: sha1.version })), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'misconfigured', remedy: like(/SHA256/) });
    expect(message).toContain('RSA_DECRYPT_OAEP_2048_SHA1');
  });
});
