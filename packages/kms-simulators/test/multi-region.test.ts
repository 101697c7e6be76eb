import {
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { startSimulators } from '@keyfold/kms-simulators';
import { errorName, failureOf } from './support/failure.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { bytes, present } from './support/values.js';

const CREATING = 10_000;
const { sim, client } = await simulated({ aws: { replicaCreatingMs: CREATING } });
const home = client(HOME);
const away = client(AWAY);

describe('a multi-Region key', () => {
  it('is created as a primary key', async () => {
    const { keyId: KeyId, arn } = await sim.aws.createKey({ region: HOME, multiRegion: true });
    expect(KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
    const { KeyMetadata } = await home.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: arn, Region: HOME },
        ReplicaKeys: [],
      },
    });
  });

  it('gets a replica, which is in state Creating before it can be used', async () => {
    const { keyId: KeyId, arn } = await sim.aws.createKey({ region: HOME, multiRegion: true });
    const replicaArn = arn.replace(HOME, AWAY);
    const answer = await home.send(
      new ReplicateKeyCommand({ KeyId, ReplicaRegion: AWAY, Description: 'second home' }),
    );
    expect(answer.ReplicaKeyMetadata).toMatchObject({
      Arn: replicaArn,
      KeyState: 'Creating',
      Enabled: false,
      Description: 'second home',
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: { Arn: arn, Region: HOME },
        ReplicaKeys: [{ Arn: replicaArn, Region: AWAY }],
      },
    });
    expect(JSON.parse(present(answer.ReplicaPolicy))).toHaveProperty('Statement');
    const early = away.send(new EncryptCommand({ KeyId, Plaintext: bytes(1) }));
    expect(await failureOf(early)).toEqual({
      name: 'KMSInvalidStateException',
      status: 400,
      message: `${replicaArn} is creating.`,
    });
    expect(await errorName(away.send(new DisableKeyCommand({ KeyId })))).toBe('KMSInvalidStateException');
    sim.clock.advance(CREATING);
    const { KeyMetadata } = await away.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
    const { KeyMetadata: primary } = await home.send(new DescribeKeyCommand({ KeyId }));
    expect(primary?.MultiRegionConfiguration?.ReplicaKeys).toEqual([{ Arn: replicaArn, Region: AWAY }]);
  });

  it('opens in one Region what another has encrypted, and answers with its own ARN', async () => {
    const { keyId, arns } = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
    sim.clock.advance(CREATING);
    const EncryptionContext = { tenant: 'acme' };
    const made = await home.send(
      new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext }),
    );
    for (const KeyId of [undefined, keyId, arns[AWAY]]) {
      const opened = await away.send(
        new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, KeyId, EncryptionContext }),
      );
      expect(opened).toMatchObject({ KeyId: arns[AWAY], Plaintext: made.Plaintext });
    }
    const primaryArn = away.send(
      new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, KeyId: arns[HOME], EncryptionContext }),
    );
    expect(await failureOf(primaryArn)).toMatchObject({ name: 'NotFoundException', message: `Invalid arn ${HOME}` });
  });

  it('shares an RSA key pair', async () => {
    const { keyId: KeyId } = await sim.aws.createKey({
      region: HOME,
      keySpec: 'RSA_2048',
      replicaRegions: [AWAY],
    });
    sim.clock.advance(CREATING);
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    const Plaintext = bytes(32);
    const { CiphertextBlob } = await home.send(new EncryptCommand({ KeyId, Plaintext, EncryptionAlgorithm }));
    const opened = await away.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm }));
    expect(opened.Plaintext).toEqual(Plaintext);
  });

  it('has a state of its own in each Region', async () => {
    const { keyId: KeyId } = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
    sim.clock.advance(CREATING);
    await home.send(new DisableKeyCommand({ KeyId }));
    expect(await errorName(home.send(new EncryptCommand({ KeyId, Plaintext: bytes(1) })))).toBe('DisabledException');
    expect((await away.send(new EncryptCommand({ KeyId, Plaintext: bytes(1) }))).KeyId).toContain(AWAY);
  });
});

describe('ReplicateKey', () => {
  it('answers with state Creating, however quick the replica is', async () => {
    await using quick = await startSimulators();
    const kms = new KMSClient(quick.aws.clientConfig(HOME));
    const { keyId: KeyId } = await quick.aws.createKey({ region: HOME, multiRegion: true });
    const { ReplicaKeyMetadata } = await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: AWAY }));
    expect(ReplicaKeyMetadata).toMatchObject({ KeyState: 'Creating', Enabled: false });
    expect(quick.aws.findKey({ region: AWAY, key: KeyId })?.state).toBe('Enabled');
    kms.destroy();
  });

  it('refuses what cannot be replicated', async () => {
    const single = await sim.aws.createKey({ region: HOME });
    const multi = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
    sim.clock.advance(CREATING);
    const replicate = async (from: typeof home, KeyId: string, ReplicaRegion: string): Promise<string> => {
      return await errorName(from.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion })));
    };
    expect(await replicate(home, single.keyId, AWAY)).toBe('UnsupportedOperationException');
    expect(await replicate(away, multi.keyId, 'ap-south-1')).toBe('UnsupportedOperationException');
    expect(await replicate(home, multi.keyId, AWAY)).toBe('AlreadyExistsException');
    expect(await replicate(home, multi.keyId, HOME)).toBe('AlreadyExistsException');
    expect(await replicate(home, multi.keyId, 'moon')).toBe('ValidationException');
  });
});
