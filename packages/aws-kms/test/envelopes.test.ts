/** Whole envelopes: what a user sees of the keyring. */
import { UpdateAliasCommand } from '@aws-sdk/client-kms';
import { decrypt, encrypt, encryptDetached, inspect, rewrap } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const key = await sim.aws.createKey({ region: HOME });
const plaintext = new TextEncoder().encode('attack at dawn');

describe('an envelope', () => {
  const one = keyring({ key: key.arn });

  it('opens under its context, with one request to write and one to read', async () => {
    sim.requests.reset();
    const envelope = await encrypt(plaintext, { keyring: one, context: { tenant: 'acme' }, externalContext: { order: '4711' } });
    expect(await decrypt(envelope, { keyring: one, context: { order: '4711' } })).toEqual(plaintext);
    const seen = sim.requests.list().map(({ operation, encryptionContext }) => [operation, encryptionContext]);
    // AWS KMS is given the values too that the envelope does not hold.
    const context = { tenant: 'acme', order: '4711', 'keyfold:format': '1' };
    expect(seen).toEqual([['GenerateDataKey', context], ['Decrypt', context]]);
    expect(inspect(envelope).wrappedKeys).toMatchObject([{ provider: 'aws-kms', keyId: key.arn, keyVersion: '', algorithm: 'SYMMETRIC_DEFAULT' }]);
  });

  it('under another external value is refused by AWS KMS itself', async () => {
    const envelope = await encrypt(plaintext, { keyring: one, externalContext: { order: '4711' } });
    sim.requests.reset();
    const error = await failure(decrypt(envelope, { keyring: one, context: { order: '4712' } }), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([{ reason: 'corrupt', keyId: key.arn }]);
    expect(error.message).toContain('external context value');
    expect(sim.requests.list()).toMatchObject([{ operation: 'Decrypt', outcome: 'InvalidCiphertextException' }]);
  });

  it('under another known value is refused before AWS KMS is asked', async () => {
    const envelope = await encrypt(plaintext, { keyring: one, context: { tenant: 'acme' } });
    sim.requests.reset();
    await failure(decrypt(envelope, { keyring: one, context: { tenant: 'umbrella' } }), 'context-mismatch');
    expect(sim.requests.count()).toBe(0);
  });

  it('that cannot be written says which permission is missing, and nothing is written', async () => {
    sim.faults.inject({ kind: 'access-denied', count: 1 });
    const error = await failure(encrypt(plaintext, { keyring: one }), 'wrap-failed');
    expect(error.message).toContain(`Allow kms:GenerateDataKey on ${key.arn}`);
  });
});

describe('a rewrap', () => {
  it('after an alias was repointed moves the envelope to the new key, and proves it', async () => {
    const [old, next] = [await sim.aws.createKey({ region: HOME, alias: 'alias/moving' }), await sim.aws.createKey({ region: HOME })];
    const before = keyring({ key: 'alias/moving', region: HOME });
    const { header } = await encryptDetached(plaintext, { keyring: before });
    await client().send(new UpdateAliasCommand({ AliasName: 'alias/moving', TargetKeyId: next.keyId }));

    const mover = keyring({ key: 'alias/moving', region: HOME, alsoUnwrap: [old.arn] });
    const moved = await rewrap(header, { keyring: mover, wrapWith: mover, remove: [{ provider: 'aws-kms', keyId: old.arn }] });
    expect(moved.changes).toMatchObject([
      { change: 'added', key: { keyId: next.arn }, proven: true },
      { change: 'removed', key: { keyId: old.arn } },
    ]);
    expect(sim.requests.count({ operation: 'DescribeKey' })).toBe(0);
  });

  it('refreshes under the same key', async () => {
    const one = keyring({ key: key.arn });
    const { header } = await encryptDetached(plaintext, { keyring: one });
    const { changes } = await rewrap(header, { keyring: one, wrapWith: one, refresh: true });
    expect(changes).toMatchObject([{ change: 'replaced', proven: true, key: { keyId: key.arn } }]);
  });
});
