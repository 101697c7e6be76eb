import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { errorName, failureOf } from './support/failure.js';
import { HOME, simulated } from './support/simulated.js';
import { bytes, present } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();
const key = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048', alias: 'alias/rsa' });
const signing = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY' });
const symmetric = await sim.aws.createKey({ region: HOME });
const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';

describe('an RSA key', () => {
  it.each([
    ['RSAES_OAEP_SHA_1', 214],
    ['RSAES_OAEP_SHA_256', 190],
  ] as const)('encrypts with %s up to %d bytes', async (algorithm, limit) => {
    const Plaintext = bytes(limit);
    const sealed = await kms.send(
      new EncryptCommand({ KeyId: 'alias/rsa', Plaintext, EncryptionAlgorithm: algorithm }),
    );
    expect(sealed).toMatchObject({ KeyId: key.arn, EncryptionAlgorithm: algorithm });
    const { CiphertextBlob } = sealed;
    const opened = await kms.send(
      new DecryptCommand({ KeyId: key.arn, CiphertextBlob, EncryptionAlgorithm: algorithm }),
    );
    expect(opened).toMatchObject({ KeyId: key.arn, EncryptionAlgorithm: algorithm, Plaintext });
    expect(opened).not.toHaveProperty('KeyMaterialId');
    const tooLong = kms.send(
      new EncryptCommand({ KeyId: key.arn, Plaintext: bytes(limit + 1), EncryptionAlgorithm: algorithm }),
    );
    expect(await failureOf(tooLong)).toMatchObject({
      name: 'ValidationException',
      message: `Algorithm ${algorithm} and key spec RSA_2048 cannot encrypt data larger than ${limit} bytes.`,
    });
  });

  it('decrypts what was encrypted offline with its public key', async () => {
    const answer = await kms.send(new GetPublicKeyCommand({ KeyId: 'alias/rsa' }));
    expect(answer).toMatchObject({
      KeyId: key.arn,
      KeySpec: 'RSA_2048',
      KeyUsage: 'ENCRYPT_DECRYPT',
      EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    });
    const der = Buffer.from(present(answer.PublicKey));
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const secret = bytes(32);
    const CiphertextBlob = publicEncrypt(
      { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      secret,
    );
    const opened = await kms.send(new DecryptCommand({ KeyId: key.arn, CiphertextBlob, EncryptionAlgorithm }));
    expect(opened.Plaintext).toEqual(secret);
  });

  it('needs its name, its algorithm and its own ciphertext to decrypt', async () => {
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: key.arn, Plaintext: bytes(32), EncryptionAlgorithm }),
    );
    const nameless = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionAlgorithm }));
    expect(await errorName(nameless)).toBe('ValidationException');
    const wrongHash = kms.send(
      new DecryptCommand({ KeyId: key.arn, CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }),
    );
    expect(await errorName(wrongHash)).toBe('InvalidCiphertextException');
    const second = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
    const wrongKey = kms.send(new DecryptCommand({ KeyId: second.arn, CiphertextBlob, EncryptionAlgorithm }));
    expect(await errorName(wrongKey)).toBe('InvalidCiphertextException');
    const symmetricKey = kms.send(new DecryptCommand({ KeyId: symmetric.arn, CiphertextBlob, EncryptionAlgorithm }));
    expect(await errorName(symmetricKey)).toBe('InvalidKeyUsageException');
  });

  it('takes no encryption context', async () => {
    const EncryptionContext = { tenant: 'acme' };
    const call = kms.send(
      new EncryptCommand({ KeyId: key.arn, Plaintext: bytes(32), EncryptionAlgorithm, EncryptionContext }),
    );
    expect(await errorName(call)).toBe('ValidationException');
  });

  it('makes no data keys and does not rotate', async () => {
    const dataKey = kms.send(new GenerateDataKeyCommand({ KeyId: key.arn, KeySpec: 'AES_256' }));
    expect(await errorName(dataKey)).toBe('InvalidKeyUsageException');
    const rotation = kms.send(new RotateKeyOnDemandCommand({ KeyId: key.arn }));
    expect(await errorName(rotation)).toBe('UnsupportedOperationException');
    const status = kms.send(new GetKeyRotationStatusCommand({ KeyId: key.arn }));
    expect(await errorName(status)).toBe('UnsupportedOperationException');
  });

  it('that signs does not encrypt', async () => {
    const call = kms.send(new EncryptCommand({ KeyId: signing.arn, Plaintext: bytes(32), EncryptionAlgorithm }));
    expect(await failureOf(call)).toEqual({
      name: 'InvalidKeyUsageException',
      status: 400,
      message: `${signing.arn} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
    });
  });
});

it('a symmetric key has no public key', async () => {
  const call = kms.send(new GetPublicKeyCommand({ KeyId: symmetric.arn }));
  expect(await errorName(call)).toBe('UnsupportedOperationException');
});
