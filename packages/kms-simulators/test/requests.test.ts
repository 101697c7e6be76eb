import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  ListKeysCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, it } from 'vitest';
import { errorName } from './support/failure.js';
import { rawRequest } from './support/raw-request.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { bytes, present } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();
const key = await sim.aws.createKey({ region: HOME, alias: 'alias/counted', replicaRegions: [AWAY] });
const other = await sim.aws.createKey({ region: HOME });

beforeEach(() => {
  sim.requests.reset();
});

describe('counts', () => {
  it('are by Region, operation, key and outcome', async () => {
    await kms.send(new DescribeKeyCommand({ KeyId: 'alias/counted' }));
    await kms.send(new DescribeKeyCommand({ KeyId: key.arn }));
    await kms.send(new DescribeKeyCommand({ KeyId: other.arn }));
    await client(AWAY).send(new DescribeKeyCommand({ KeyId: key.keyId }));
    await kms.send(new ListKeysCommand({}));
    await errorName(kms.send(new DescribeKeyCommand({ KeyId: 'alias/none' })));
    const { requests } = sim;
    expect(requests.count()).toBe(6);
    expect(requests.count({ region: HOME })).toBe(5);
    expect(requests.count({ region: 'ap-south-1' })).toBe(0);
    expect(requests.count({ operation: 'DescribeKey' })).toBe(5);
    expect(requests.count({ operation: ['ListKeys', 'Decrypt'] })).toBe(1);
    expect(requests.count({ key: key.arn })).toBe(2);
    expect(requests.count({ key: key.keyId })).toBe(3);
    expect(requests.count({ key: 'alias/none' })).toBe(1);
    expect(requests.count({ outcome: 'NotFoundException' })).toBe(1);
    expect(requests.count({ provider: 'gcp-kms' })).toBe(0);
    expect(requests.counts({ key: key.arn })).toEqual([
      {
        provider: 'aws-kms',
        region: HOME,
        account: '111122223333',
        operation: 'DescribeKey',
        keys: [key.arn],
        count: 2,
        outcomes: { ok: 2 },
      },
    ]);
  });

  it('are 0 after a reset, and without a request', async () => {
    await kms.send(new ListKeysCommand({}));
    sim.requests.reset();
    expect(sim.requests.count()).toBe(0);
    expect(sim.requests.list()).toEqual([]);
    await sim.aws.createKey({ region: HOME });
    sim.aws.findKey({ region: HOME, key: key.keyId });
    expect(sim.requests.count()).toBe(0);
  });

  it('include what was refused at the door', async () => {
    await rawRequest(sim.aws.endpoint, { authorization: undefined });
    await rawRequest(sim.aws.endpoint, {}, 'no JSON');
    expect(sim.requests.list()).toMatchObject([
      { operation: 'ListKeys', region: '', account: '', outcome: 'MissingAuthenticationTokenException' },
      { operation: 'ListKeys', region: HOME, account: '111122223333', outcome: 'SerializationException' },
    ]);
  });
});

describe('the list of requests', () => {
  it('tells operation, Region, key as sent and as resolved, and context', async () => {
    const EncryptionContext = { tenant: 'acme' };
    await kms.send(new GenerateDataKeyCommand({ KeyId: 'alias/counted', KeySpec: 'AES_256', EncryptionContext }));
    expect(sim.requests.list()).toEqual([
      {
        sequence: 1,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        provider: 'aws-kms',
        region: HOME,
        account: '111122223333',
        operation: 'GenerateDataKey',
        keyId: 'alias/counted',
        keys: [key.arn],
        encryptionContext: EncryptionContext,
        outcome: 'ok',
      },
    ]);
  });

  it('tells both keys and both contexts of ReEncrypt, and the key of a nameless Decrypt', async () => {
    const before = { epoch: 'before' };
    const sealed = await kms.send(
      new EncryptCommand({ KeyId: key.arn, Plaintext: bytes(8), EncryptionContext: before }),
    );
    const { CiphertextBlob } = sealed;
    await kms.send(
      new ReEncryptCommand({
        CiphertextBlob,
        SourceEncryptionContext: before,
        DestinationKeyId: other.arn,
        DestinationEncryptionContext: { epoch: 'after' },
      }),
    );
    await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: before }));
    const [, moved, opened] = sim.requests.list();
    expect(moved).toMatchObject({
      keyId: other.arn,
      keys: [key.arn, other.arn],
      encryptionContext: before,
      destinationEncryptionContext: { epoch: 'after' },
    });
    expect(opened).toMatchObject({ keys: [key.arn] });
    expect(opened).not.toHaveProperty('keyId');
  });

  it('holds no plaintext and no ciphertext', async () => {
    const Plaintext = bytes(48);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: key.arn, Plaintext }));
    await kms.send(new DecryptCommand({ CiphertextBlob }));
    const text = JSON.stringify([sim.requests.list(), sim.requests.counts()]);
    for (const secret of [Plaintext, present(CiphertextBlob)]) {
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 16));
      expect(text).not.toContain(Buffer.from(secret).toString('hex').slice(0, 16));
    }
  });

  it('cannot be changed from outside', async () => {
    await kms.send(new ListKeysCommand({}));
    const [recorded] = sim.requests.list();
    Object.assign(present(recorded), { outcome: 'changed' });
    expect(sim.requests.list()).toMatchObject([{ outcome: 'ok' }]);
  });
});
