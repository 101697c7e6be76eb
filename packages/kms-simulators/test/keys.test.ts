import {
  CreateKeyCommand,
  DescribeKeyCommand,
  ListKeysCommand,
  paginateListKeys,
  type CreateKeyCommandInput,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { errorName, failureOf } from './support/failure.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { present } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();

describe('CreateKey and DescribeKey', () => {
  it('makes a symmetric key that describes itself as the service would', async () => {
    const { KeyMetadata: made } = await kms.send(new CreateKeyCommand({ Description: 'for tests' }));
    const { KeyMetadata: told } = await kms.send(new DescribeKeyCommand({ KeyId: made?.KeyId }));
    expect(told).toEqual(made);
    expect(told).toMatchObject({
      AWSAccountId: '111122223333',
      Arn: `arn:aws:kms:eu-west-1:111122223333:key/${present(made?.KeyId)}`,
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      Description: 'for tests',
      Enabled: true,
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      Origin: 'AWS_KMS',
    });
    expect(told?.KeyId).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(told?.CurrentKeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
    expect(Math.abs(Date.now() - present(told?.CreationDate).getTime())).toBeLessThan(60_000);
    expect(told).not.toHaveProperty('MultiRegionConfiguration');
  });

  it('makes RSA keys and tells their algorithms', async () => {
    const input: CreateKeyCommandInput = { KeySpec: 'RSA_3072', KeyUsage: 'ENCRYPT_DECRYPT' };
    const { KeyMetadata: encrypts } = await kms.send(new CreateKeyCommand(input));
    expect(encrypts).toMatchObject({
      KeySpec: 'RSA_3072',
      EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    });
    expect(encrypts).not.toHaveProperty('CurrentKeyMaterialId');
    const { KeyMetadata: signs } = await kms.send(
      new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
    );
    expect(signs?.SigningAlgorithms).toContain('RSASSA_PSS_SHA_256');
    expect(signs).not.toHaveProperty('EncryptionAlgorithms');
  });

  it.each<[string, CreateKeyCommandInput, string]>([
    ['an RSA key without a usage', { KeySpec: 'RSA_2048' }, 'ValidationException'],
    ['a symmetric key that signs', { KeyUsage: 'SIGN_VERIFY' }, 'ValidationException'],
    ['a key spec that is not simulated', { KeySpec: 'ECC_NIST_P256' }, 'ValidationException'],
    ['imported key material', { Origin: 'EXTERNAL' }, 'UnsupportedOperationException'],
  ])('refuses %s', async (_, input, name) => {
    expect(await errorName(kms.send(new CreateKeyCommand(input)))).toBe(name);
  });

  it('tells a missing key from a name that is none', async () => {
    const id = '00000000-0000-0000-0000-000000000000';
    const missing = await failureOf(kms.send(new DescribeKeyCommand({ KeyId: id })));
    expect(missing).toEqual({
      name: 'NotFoundException',
      status: 400,
      message: `Key 'arn:aws:kms:eu-west-1:111122223333:key/${id}' does not exist`,
    });
    const invalid = await failureOf(kms.send(new DescribeKeyCommand({ KeyId: 'my-key' })));
    expect(invalid).toMatchObject({ name: 'NotFoundException', message: "Invalid keyId 'my-key'" });
    expect(await errorName(kms.send(new DescribeKeyCommand({ KeyId: 'arn:aws:s3:::bucket' })))).toBe(
      'InvalidArnException',
    );
  });

  it('knows a key in its own Region only', async () => {
    const { arn, keyId } = await sim.aws.createKey({ region: HOME });
    const away = client(AWAY);
    expect(await errorName(away.send(new DescribeKeyCommand({ KeyId: keyId })))).toBe('NotFoundException');
    const byArn = await failureOf(away.send(new DescribeKeyCommand({ KeyId: arn })));
    expect(byArn).toMatchObject({ name: 'NotFoundException', message: 'Invalid arn eu-west-1' });
  });

  it('names the partition of the Region in ARNs', async () => {
    const { arn } = await sim.aws.createKey({ region: 'us-gov-west-1' });
    expect(arn).toMatch(/^arn:aws-us-gov:kms:us-gov-west-1:/);
    const gov = client('us-gov-west-1');
    expect((await gov.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata?.Arn).toBe(arn);
  });
});

describe('ListKeys', () => {
  it('lists the keys of the Region, page by page', async () => {
    const region = 'ap-south-1';
    const south = client(region);
    const made = [];
    for (let i = 0; i < 5; i += 1) made.push((await sim.aws.createKey({ region })).arn);
    const listed = [];
    let pages = 0;
    for await (const page of paginateListKeys({ client: south, pageSize: 2 }, {})) {
      pages += 1;
      listed.push(...present(page.Keys).map((key) => key.KeyArn));
    }
    expect(pages).toBe(3);
    expect(listed).toEqual(made);
  });

  it('refuses a marker that is not its own', async () => {
    expect(await errorName(kms.send(new ListKeysCommand({ Marker: 'somewhere' })))).toBe('InvalidMarkerException');
    expect(await errorName(kms.send(new ListKeysCommand({ Limit: 0 })))).toBe('ValidationException');
  });
});
