import { DecryptCommand, EncryptCommand, ReEncryptCommand, type ReEncryptCommandInput } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { errorName } from './support/failure.js';
import { HOME, simulated } from './support/simulated.js';
import { bytes } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();
const source = await sim.aws.createKey({ region: HOME });
const destination = await sim.aws.createKey({ region: HOME, alias: 'alias/new' });
const rsa = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
const secret = bytes(32);
const before = { epoch: 'before' };
const after = { epoch: 'after' };
const { CiphertextBlob } = await kms.send(
  new EncryptCommand({ KeyId: source.arn, Plaintext: secret, EncryptionContext: before }),
);
const valid: ReEncryptCommandInput = {
  CiphertextBlob,
  SourceKeyId: source.arn,
  SourceEncryptionContext: before,
  DestinationKeyId: 'alias/new',
  DestinationEncryptionContext: after,
};

describe('ReEncrypt', () => {
  it('moves a ciphertext to another key and context', async () => {
    const moved = await kms.send(new ReEncryptCommand(valid));
    expect(moved).toMatchObject({
      KeyId: destination.arn,
      SourceKeyId: source.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    });
    expect(moved.SourceKeyMaterialId).not.toBe(moved.DestinationKeyMaterialId);
    const opened = await kms.send(
      new DecryptCommand({ KeyId: destination.arn, CiphertextBlob: moved.CiphertextBlob, EncryptionContext: after }),
    );
    expect(opened.Plaintext).toEqual(secret);
  });

  it('moves to an RSA key and back', async () => {
    const algorithm = 'RSAES_OAEP_SHA_256';
    const toRsa = await kms.send(
      new ReEncryptCommand({
        ...valid,
        DestinationKeyId: rsa.arn,
        DestinationEncryptionContext: undefined,
        DestinationEncryptionAlgorithm: algorithm,
      }),
    );
    const back = await kms.send(
      new ReEncryptCommand({
        CiphertextBlob: toRsa.CiphertextBlob,
        SourceKeyId: rsa.arn,
        SourceEncryptionAlgorithm: algorithm,
        DestinationKeyId: source.arn,
      }),
    );
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: back.CiphertextBlob }));
    expect(opened).toMatchObject({ KeyId: source.arn, Plaintext: secret });
  });

  it.each<[string, Partial<ReEncryptCommandInput>, string]>([
    ['another source key', { SourceKeyId: destination.arn }, 'IncorrectKeyException'],
    ['another source context', { SourceEncryptionContext: after }, 'InvalidCiphertextException'],
    ['an unknown destination', { DestinationKeyId: 'alias/none' }, 'NotFoundException'],
    ['an RSA destination without its algorithm', { DestinationKeyId: rsa.arn }, 'InvalidKeyUsageException'],
    ['no destination', { DestinationKeyId: undefined }, 'ValidationException'],
    ['a dry run of what would succeed', { DryRun: true }, 'DryRunOperationException'],
  ])('refuses %s', async (_, change, name) => {
    expect(await errorName(kms.send(new ReEncryptCommand({ ...valid, ...change })))).toBe(name);
  });
});
