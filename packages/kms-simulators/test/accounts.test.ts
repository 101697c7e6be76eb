import {
  CreateAliasCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { startSimulators } from '@keyfold/kms-simulators';
import { errorName, failureOf } from './support/failure.js';
import { HOME, simulated } from './support/simulated.js';
import { bytes } from './support/values.js';

const OURS = '111111111111';
const THEIRS = '222222222222';
const { sim, client } = await simulated({ aws: { accounts: { OURKEY: OURS, THEIRKEY: THEIRS } } });
const ours = client(HOME, OURS);
const theirs = client(HOME, THEIRS);
const key = await sim.aws.createKey({ region: HOME, account: THEIRS, alias: 'alias/theirs' });

describe('several accounts', () => {
  it('each own their keys and aliases', async () => {
    expect(key.arn).toContain(`:${THEIRS}:key/`);
    expect((await theirs.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    expect((await ours.send(new ListKeysCommand({}))).Keys).toEqual([]);
    expect(await errorName(ours.send(new DescribeKeyCommand({ KeyId: key.keyId })))).toBe('NotFoundException');
    expect(await errorName(ours.send(new DescribeKeyCommand({ KeyId: 'alias/theirs' })))).toBe('NotFoundException');
  });

  it.each([
    ['key ARN', key.arn],
    ['alias ARN', key.aliasArn],
  ])('use each other’s keys by %s', async (_, KeyId) => {
    const Plaintext = bytes(32);
    const { CiphertextBlob } = await ours.send(new EncryptCommand({ KeyId, Plaintext }));
    const opened = await theirs.send(new DecryptCommand({ CiphertextBlob }));
    expect(opened).toMatchObject({ KeyId: key.arn, Plaintext });
    const back = await ours.send(new DecryptCommand({ KeyId, CiphertextBlob }));
    expect(back.Plaintext).toEqual(Plaintext);
  });

  it('do not manage each other’s keys', async () => {
    const disable = ours.send(new DisableKeyCommand({ KeyId: key.arn }));
    expect(await failureOf(disable)).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `User: arn:aws:iam::${OURS}:user/OURKEY is not authorized to perform: kms:DisableKey on resource: ${key.arn}`,
      ) as string,
    });
    const alias = ours.send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: key.arn }));
    expect(await errorName(alias)).toBe('AccessDeniedException');
  });

  it('do not learn which keys others have', async () => {
    const missing = key.arn.replace(key.keyId, '00000000-0000-0000-0000-000000000000');
    expect(await errorName(ours.send(new DescribeKeyCommand({ KeyId: missing })))).toBe('AccessDeniedException');
    expect(await errorName(theirs.send(new DescribeKeyCommand({ KeyId: missing })))).toBe('NotFoundException');
  });

  it('refuse an access key id of none of them', async () => {
    const stranger = client(HOME, OURS, { credentials: { accessKeyId: 'STRANGER', secretAccessKey: 'x' } });
    expect(await failureOf(stranger.send(new ListKeysCommand({})))).toEqual({
      name: 'UnrecognizedClientException',
      status: 400,
      message: 'The security token included in the request is invalid.',
    });
  });
});

describe('one account', () => {
  it('takes any access key id', async () => {
    await using one = await startSimulators({ aws: { account: '333333333333' } });
    const anyone = client(HOME, OURS, {
      endpoint: one.aws.endpoint,
      credentials: { accessKeyId: 'ANYONE', secretAccessKey: 'x', sessionToken: 'y' },
    });
    const { arn } = await one.aws.createKey({ region: HOME });
    expect(arn).toContain(':333333333333:');
    expect((await anyone.send(new ListKeysCommand({}))).Keys?.[0]?.KeyArn).toBe(arn);
  });
});

describe('options that make no sense', () => {
  it.each([
    ['an account that is none', { account: '123' }],
    ['both account and accounts', { account: OURS, accounts: { A: OURS } }],
    ['no accounts at all', { accounts: {} }],
    ['a Region that is none', { regions: ['moon'] }],
    ['a negative time', { replicaCreatingMs: -1 }],
    ['a port that is none', { port: 65_536 }],
  ])('are refused: %s', async (_, aws) => {
    await expect(startSimulators({ aws })).rejects.toMatchObject({ name: 'SimulatorError', code: 'invalid-option' });
  });

  it('are refused in clientConfig and createKey too', async () => {
    expect(() => sim.aws.clientConfig('moon')).toThrow(/no simulated Region/);
    expect(() => sim.aws.clientConfig(HOME, '999999999999')).toThrow(/No access key id/);
    await expect(sim.aws.createKey({ region: HOME, alias: 'alias/aws/s3' })).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('InvalidAliasNameException') as string,
    });
  });
});
