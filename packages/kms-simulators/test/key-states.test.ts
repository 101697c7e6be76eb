import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  ListAliasesCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { errorName, failureOf } from './support/failure.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { bytes, present } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();
const DAY = 86_400_000;

async function newKey(): Promise<{ KeyId: string; CiphertextBlob: Uint8Array }> {
  const { arn: KeyId } = await sim.aws.createKey({ region: HOME });
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes(32) }));
  return { KeyId, CiphertextBlob: present(CiphertextBlob) };
}

/** The names of the errors of every use of a key. */
async function usesOf({ KeyId, CiphertextBlob }: { KeyId: string; CiphertextBlob: Uint8Array }): Promise<string[]> {
  const { arn: DestinationKeyId } = await sim.aws.createKey({ region: HOME });
  return await Promise.all([
    errorName(kms.send(new EncryptCommand({ KeyId, Plaintext: bytes(32) }))),
    errorName(kms.send(new DecryptCommand({ CiphertextBlob }))),
    errorName(kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))),
    errorName(kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId }))),
    errorName(kms.send(new RotateKeyOnDemandCommand({ KeyId }))),
  ]);
}

describe('a disabled key', () => {
  it('can be seen but not used, until it is enabled again', async () => {
    const key = await newKey();
    await kms.send(new DisableKeyCommand({ KeyId: key.KeyId }));
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key.KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false });
    expect(new Set(await usesOf(key))).toEqual(new Set(['DisabledException']));
    const call = kms.send(new DecryptCommand({ CiphertextBlob: key.CiphertextBlob }));
    expect(await failureOf(call)).toEqual({
      name: 'DisabledException',
      status: 400,
      message: `${key.KeyId} is disabled.`,
    });
    await kms.send(new EnableKeyCommand({ KeyId: key.KeyId }));
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: key.CiphertextBlob }));
    expect(opened.Plaintext).toHaveLength(32);
  });

  it('does not give its public key', async () => {
    const { arn: KeyId } = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
    await kms.send(new DisableKeyCommand({ KeyId }));
    expect(await errorName(kms.send(new GetPublicKeyCommand({ KeyId })))).toBe('DisabledException');
  });

  it('is refused as the destination of ReEncrypt', async () => {
    const { CiphertextBlob } = await newKey();
    const { KeyId: DestinationKeyId } = await newKey();
    await kms.send(new DisableKeyCommand({ KeyId: DestinationKeyId }));
    const call = kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId }));
    expect(await errorName(call)).toBe('DisabledException');
  });
});

describe('a key pending deletion', () => {
  it('cannot be used or managed, and is disabled when it is kept after all', async () => {
    const key = await newKey();
    const { KeyId } = key;
    const scheduled = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(scheduled).toMatchObject({ KeyId, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.DeletionDate).toEqual(scheduled.DeletionDate);
    expect(new Set(await usesOf(key))).toEqual(new Set(['KMSInvalidStateException']));
    const managing = await Promise.all([
      failureOf(kms.send(new EnableKeyCommand({ KeyId }))),
      failureOf(kms.send(new DisableKeyCommand({ KeyId }))),
      failureOf(kms.send(new ScheduleKeyDeletionCommand({ KeyId }))),
      failureOf(kms.send(new CreateAliasCommand({ AliasName: 'alias/late', TargetKeyId: KeyId }))),
    ]);
    for (const failure of managing) {
      expect(failure).toEqual({
        name: 'KMSInvalidStateException',
        status: 400,
        message: `${KeyId} is pending deletion.`,
      });
    }
    expect(await kms.send(new CancelKeyDeletionCommand({ KeyId }))).toMatchObject({ KeyId });
    expect(sim.aws.findKey({ region: HOME, key: KeyId })?.state).toBe('Disabled');
    await kms.send(new EnableKeyCommand({ KeyId }));
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: key.CiphertextBlob }));
    expect(opened.KeyId).toBe(KeyId);
  });

  it('lets its alias be pointed away', async () => {
    const AliasName = 'alias/rescued';
    const doomed = await sim.aws.createKey({ region: HOME, alias: AliasName });
    const { keyId } = await sim.aws.createKey({ region: HOME });
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: doomed.keyId }));
    await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: keyId }));
    expect(sim.aws.findKey({ region: HOME, key: AliasName })?.keyId).toBe(keyId);
    const back = kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: doomed.keyId }));
    expect(await errorName(back)).toBe('KMSInvalidStateException');
  });

  it('is gone with its aliases when the waiting period is over', async () => {
    const { keyId: KeyId } = await sim.aws.createKey({ region: HOME, alias: 'alias/doomed' });
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes(32) }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }));
    sim.clock.advance(30 * DAY - 60_000);
    expect(sim.aws.findKey({ region: HOME, key: KeyId })?.state).toBe('PendingDeletion');
    sim.clock.advance(60_000);
    expect(await errorName(kms.send(new DescribeKeyCommand({ KeyId })))).toBe('NotFoundException');
    const { Aliases } = await kms.send(new ListAliasesCommand({}));
    expect(Aliases?.map((alias) => alias.AliasName)).not.toContain('alias/doomed');
    const call = kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(await errorName(call)).toBe('AccessDeniedException');
  });

  it('waits 7 to 30 days', async () => {
    const { KeyId } = await newKey();
    for (const PendingWindowInDays of [6, 31]) {
      const call = kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
      expect(await errorName(call)).toBe('ValidationException');
    }
    expect(await errorName(kms.send(new CancelKeyDeletionCommand({ KeyId })))).toBe('KMSInvalidStateException');
  });
});

describe('a primary key pending deletion', () => {
  it('waits until its last replica is deleted, then for its own period', async () => {
    const { keyId: KeyId } = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
    const scheduled = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(scheduled.KeyState).toBe('PendingReplicaDeletion');
    expect(scheduled).not.toHaveProperty('DeletionDate');
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingReplicaDeletion', PendingDeletionWindowInDays: 7 });
    expect(await errorName(kms.send(new EncryptCommand({ KeyId, Plaintext: bytes(1) })))).toBe(
      'KMSInvalidStateException',
    );
    sim.clock.advance(100 * DAY);
    expect(sim.aws.findKey({ region: HOME, key: KeyId })?.state).toBe('PendingReplicaDeletion');
    await client(AWAY).send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    sim.clock.advance(8 * DAY);
    expect(sim.aws.findKey({ region: AWAY, key: KeyId })).toBeUndefined();
    expect(sim.aws.findKey({ region: HOME, key: KeyId })?.state).toBe('PendingDeletion');
    sim.clock.advance(6 * DAY);
    expect(sim.aws.findKey({ region: HOME, key: KeyId })).toBeUndefined();
  });
});
