import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { errorName } from './support/failure.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { bytes } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();

describe('RotateKeyOnDemand', () => {
  it('encrypts with new material and still decrypts with all the old', async () => {
    const { arn: KeyId } = await sim.aws.createKey({ region: HOME });
    const sealed = [];
    for (let rotation = 0; rotation < 3; rotation += 1) {
      const Plaintext = bytes(32);
      const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      sealed.push({ Plaintext, CiphertextBlob, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId });
      expect(await kms.send(new RotateKeyOnDemandCommand({ KeyId }))).toMatchObject({ KeyId });
    }
    expect(new Set(sealed.map(({ KeyMaterialId }) => KeyMaterialId)).size).toBe(3);
    for (const { Plaintext, CiphertextBlob, KeyMaterialId } of sealed) {
      const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob }));
      expect(opened).toMatchObject({ Plaintext, KeyMaterialId, KeyId });
    }
  });

  it('rotates a multi-Region key in all its Regions, from the primary only', async () => {
    const { arns, keyId } = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
    const away = client(AWAY);
    const replica = away.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
    expect(await errorName(replica)).toBe('UnsupportedOperationException');
    const before = await away.send(new DescribeKeyCommand({ KeyId: keyId }));
    await kms.send(new RotateKeyOnDemandCommand({ KeyId: arns[HOME] }));
    const after = await away.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(after.KeyMetadata?.CurrentKeyMaterialId).not.toBe(before.KeyMetadata?.CurrentKeyMaterialId);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: keyId, Plaintext: bytes(8) }));
    expect((await away.send(new DecryptCommand({ CiphertextBlob }))).KeyId).toBe(arns[AWAY]);
  });

  it('is limited to 25 times', async () => {
    const { arn: KeyId } = await sim.aws.createKey({ region: HOME });
    for (let rotation = 0; rotation < 25; rotation += 1) await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect(await errorName(kms.send(new RotateKeyOnDemandCommand({ KeyId })))).toBe('LimitExceededException');
  });
});

describe('ListKeyRotations and GetKeyRotationStatus', () => {
  it('tell the rotations, and on request the first material', async () => {
    const { arn: KeyId, keyId } = await sim.aws.createKey({ region: HOME });
    await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    const { Rotations } = await kms.send(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations).toHaveLength(2);
    expect(Rotations?.[1]).toMatchObject({
      KeyId: keyId,
      KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
      KeyMaterialState: 'CURRENT',
      RotationType: 'ON_DEMAND',
      RotationDate: expect.any(Date) as Date,
    });
    const all = await kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }));
    expect(all.Rotations?.map((one) => [one.KeyMaterialState, one.RotationType])).toEqual([
      ['NON_CURRENT', undefined],
      ['NON_CURRENT', 'ON_DEMAND'],
      ['CURRENT', 'ON_DEMAND'],
    ]);
    const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ KeyId, KeyRotationEnabled: false });
  });
});
