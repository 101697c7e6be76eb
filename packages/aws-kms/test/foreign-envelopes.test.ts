/** Nothing in an envelope makes the keyring call what its owner did not name. */
import { decrypt, encrypt } from '@keyfold/core';
import { withEnvironment } from '@keyfold/dev/testing';
import { failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { beforeEach, describe, expect, it } from 'vitest';
import { AWAY, HOME, simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
const key = await sim.aws.createKey({ region: HOME });
const sibling = await sim.aws.createKey({ region: HOME });
const elsewhere = await sim.aws.createKey({ region: AWAY });
const theirs = await sim.aws.createKey({ region: HOME });
const mine = keyring({ key: key.arn });
const wrapped = await wrapOne(mine);

beforeEach(() => {
  sim.requests.reset();
});

describe('an envelope', () => {
  it.each([
    ['of another account', () => key.arn.replace('111122223333', '999999999999')],
    ['of another Region', () => key.arn.replace(HOME, AWAY)],
    ['of another partition', () => key.arn.replace('arn:aws:', 'arn:aws-us-gov:')],
    ['of another key of the same account and Region', () => sibling.arn],
    ['that names an alias', () => key.arn.replace(`key/${key.keyId}`, 'alias/app')],
    ['that names a bare key id', () => key.keyId],
    ['that would lead to another host', () => `arn:aws:kms:x.example.com/:111122223333:key/${key.keyId}`],
  ])('%s causes no request, and is answered with null', async (_, keyId) => {
    expect(await unwrapFrom(mine, [{ ...wrapped, keyId: keyId() }])).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it('of nothing but foreign keys is reported as such by the engine, without a request', async () => {
    for (const stranger of [keyring({ key: elsewhere.arn }), keyring({ key: theirs.arn })]) {
      const envelope = await encrypt(new Uint8Array(8), { keyring: stranger });
      sim.requests.reset();
      const error = await failure(decrypt(envelope, { keyring: mine }), 'no-matching-key');
      expect(error.message).toContain(stranger.name);
      expect(sim.requests.count()).toBe(0);
    }
  });

  it.each([
    ['another algorithm of RSA', { algorithm: 'RSAES_OAEP_SHA_1' }],
    ['an algorithm that AWS KMS does not have', { algorithm: 'RSAES_PKCS1_V1_5' }],
    ['a version', { keyVersion: '1' }],
    ['another provider', { provider: 'gcp-kms' }],
  ])('with %s is left alone', async (_, field) => {
    expect(await unwrapFrom(mine, [{ ...wrapped, ...field }])).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it('whose wrapped key no KMS can have made fails without a request', async () => {
    for (const ciphertext of [new Uint8Array(0), new Uint8Array(6145)]) {
      const error = await failure(unwrapFrom(mine, [{ ...wrapped, ciphertext }]), 'keyring-failed');
      expect(error.details).toMatchObject({ reason: 'corrupt', retryable: false, keyId: key.arn });
    }
    expect(sim.requests.count()).toBe(0);
  });
});

it('nothing at all is not unwrapped for a caller who left', async () => {
  await failure(unwrapFrom(mine, [], {}, { signal: AbortSignal.abort() }), 'aborted');
});

describe('a keyring of a bare key id', () => {
  const named = keyring({ key: key.keyId, region: HOME });

  it('makes no request for another id or Region', async () => {
    for (const keyId of [sibling.arn, elsewhere.arn, key.arn.replace(HOME, AWAY)]) {
      expect(await unwrapFrom(named, [{ ...wrapped, keyId }])).toBeNull();
    }
    expect(sim.requests.count()).toBe(0);
  });

  it('does not take its own key for that of another account with the same id', async () => {
    const forged = { ...wrapped, keyId: key.arn.replace('111122223333', '999999999999') };
    const error = await failure(unwrapFrom(named, [forged]), 'keyring-failed');
    expect(error.details.reason).toBe('integrity');
    expect(sim.requests.list()).toMatchObject([{ operation: 'Decrypt', account: '111122223333', keyId: key.keyId }]);
  });

  it('calls the Region of the environment if none is given', async () => {
    await withEnvironment({ AWS_REGION: HOME }, async () => {
      const one = keyring({ key: key.keyId });
      expect(await unwrapFrom(one, [await wrapOne(one)])).not.toBeNull();
      expect(sim.requests.count({ region: HOME })).toBe(2);
    });
  });
});
