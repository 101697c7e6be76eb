/** Keys that cannot be used, and keys that were rotated. */
import { decrypt, encrypt } from '@keyfold/core';
import {
  CancelKeyDeletionCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { DATA_KEY, failure, generateOne, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated({ aws: { accounts: { OURS: '111122223333', THEIRS: '999999999999' } } });
const kms = client();
const DAY = 86_400_000;

/** Each way to use a key, with what it was before. */
async function usesOf(arn: string): Promise<readonly (() => Promise<unknown>)[]> {
  const one = keyring({ key: arn });
  const wrapped = await wrapOne(one);
  return [
    async () => await wrapOne(one),
    async () => await generateOne(one),
    async () => await unwrapFrom(one, [wrapped]),
  ];
}

describe('a key', () => {
  it('that is disabled says so, and works again once it is enabled', async () => {
    const { arn, keyId: KeyId } = await sim.aws.createKey({ region: HOME });
    const uses = await usesOf(arn);
    await kms.send(new DisableKeyCommand({ KeyId }));
    for (const use of uses) {
      const { details } = await failure(use(), 'keyring-failed');
      expect(details).toMatchObject({ reason: 'disabled', retryable: false, keyId: arn });
      expect(details.remedy).toContain(`aws kms enable-key --key-id ${arn} --region ${HOME}`);
    }
    await kms.send(new EnableKeyCommand({ KeyId }));
    for (const use of uses) expect(await use()).not.toBeNull();
  });

  it('that is to be deleted says so, and works again once it is kept', async () => {
    const { arn, keyId: KeyId } = await sim.aws.createKey({ region: HOME });
    const uses = await usesOf(arn);
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    for (const use of uses) {
      const { details } = await failure(use(), 'keyring-failed');
      expect(details).toMatchObject({ reason: 'pending-deletion', retryable: false });
      expect(details.remedy).toContain(`aws kms cancel-key-deletion --key-id ${arn} --region ${HOME}`);
    }
    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    await kms.send(new EnableKeyCommand({ KeyId }));
    for (const use of uses) expect(await use()).not.toBeNull();
  });

  it('that was deleted is not found', async () => {
    const { arn, keyId: KeyId } = await sim.aws.createKey({ region: HOME });
    const uses = await usesOf(arn);
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    sim.clock.advance(8 * DAY);
    for (const use of uses) {
      expect((await failure(use(), 'keyring-failed')).details).toMatchObject({ reason: 'not-found', retryable: false });
    }
  });

  it('of another account, configured by its ARN, is called there', async () => {
    const { arn } = await sim.aws.createKey({ region: HOME, account: '999999999999' });
    const one = keyring({ key: arn });
    const wrapped = await wrapOne(one);
    expect(wrapped.keyId).toBe(arn);
    expect(await unwrapFrom(one, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it('of another account that does not exist is access denied, as AWS KMS tells nothing of it', async () => {
    const { arn } = await sim.aws.createKey({ region: HOME });
    const missing = keyring({ key: arn.replace('111122223333', '999999999999') });
    const { details } = await failure(wrapOne(missing), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'access-denied' });
    expect(details.remedy).toContain('in both if the key is another account’s');
  });

  it('that is rotated on demand opens what it wrapped before', async () => {
    const { arn, keyId: KeyId } = await sim.aws.createKey({ region: HOME });
    const one = keyring({ key: arn });
    const context = { tenant: 'acme' };
    const envelopes = [];
    for (let i = 0; i < 4; i++) {
      envelopes.push(await encrypt(new TextEncoder().encode(`generation ${i}`), { keyring: one, context }));
      await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    }
    for (const [i, envelope] of envelopes.entries()) {
      const opened = await decrypt(envelope, { keyring: keyring({ key: arn }), context });
      expect(new TextDecoder().decode(opened)).toBe(`generation ${i}`);
    }
  });
});
