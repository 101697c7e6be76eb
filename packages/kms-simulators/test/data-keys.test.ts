import {
  DecryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  type GenerateDataKeyCommandInput,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { errorName, failureOf } from './support/failure.js';
import { HOME, simulated } from './support/simulated.js';
import { present } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();
const { arn: KeyId } = await sim.aws.createKey({ region: HOME });
const EncryptionContext = { tenant: 'acme' };

describe('GenerateDataKey', () => {
  it.each<[string, Omit<GenerateDataKeyCommandInput, 'KeyId'>, number]>([
    ['AES_128', { KeySpec: 'AES_128' }, 16],
    ['AES_256', { KeySpec: 'AES_256' }, 32],
    ['64 bytes', { NumberOfBytes: 64 }, 64],
    ['1024 bytes', { NumberOfBytes: 1024 }, 1024],
  ])('makes %s', async (_, size, length) => {
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId, EncryptionContext, ...size }));
    expect(made.KeyId).toBe(KeyId);
    expect(made.Plaintext).toHaveLength(length);
    const { CiphertextBlob } = made;
    const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext }));
    expect(opened.Plaintext).toEqual(made.Plaintext);
    expect(opened.KeyMaterialId).toBe(made.KeyMaterialId);
    expect(await errorName(kms.send(new DecryptCommand({ KeyId, CiphertextBlob })))).toBe(
      'InvalidCiphertextException',
    );
  });

  it('makes another one each time', async () => {
    const made = [];
    for (let i = 0; i < 4; i += 1) {
      const { Plaintext } = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
      made.push(Buffer.from(present(Plaintext)).toString('hex'));
    }
    expect(new Set(made).size).toBe(4);
  });

  it.each<[string, Omit<GenerateDataKeyCommandInput, 'KeyId'>]>([
    ['neither length nor key spec', {}],
    ['both', { KeySpec: 'AES_256', NumberOfBytes: 32 }],
    ['0 bytes', { NumberOfBytes: 0 }],
    ['1025 bytes', { NumberOfBytes: 1025 }],
  ])('refuses %s', async (_, size) => {
    expect(await errorName(kms.send(new GenerateDataKeyCommand({ KeyId, ...size })))).toBe('ValidationException');
  });

  it('refuses an enclave’s attestation, which is not simulated', async () => {
    const call = kms.send(
      new GenerateDataKeyCommand({
        KeyId,
        KeySpec: 'AES_256',
        Recipient: { AttestationDocument: new Uint8Array(1), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' },
      }),
    );
    expect(await errorName(call)).toBe('UnsupportedOperationException');
  });

  it('can be a dry run', async () => {
    const call = kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', DryRun: true }));
    expect(await errorName(call)).toBe('DryRunOperationException');
  });
});

describe('GenerateDataKeyWithoutPlaintext', () => {
  it('makes a data key that is seen only when it is decrypted', async () => {
    const made = await kms.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext }),
    );
    expect(made).not.toHaveProperty('Plaintext');
    expect(made.KeyId).toBe(KeyId);
    const { CiphertextBlob } = made;
    const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext }));
    expect(opened.Plaintext).toHaveLength(32);
  });

  it('fails as GenerateDataKey does', async () => {
    const call = kms.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: 'alias/none', KeySpec: 'AES_256' }),
    );
    expect(await failureOf(call)).toMatchObject({
      name: 'NotFoundException',
      message: 'Alias arn:aws:kms:eu-west-1:111122223333:alias/none is not found.',
    });
  });
});
