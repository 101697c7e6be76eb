/** `check`: what is there, what is permitted, and what to do about the rest. */
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { AwsKmsKeyringOptions } from '@keyfold/aws-kms';
import type { KeyCheck } from '@keyfold/core/keyring';
import { failure } from '@keyfold/keyring-testkit/helpers';
import type { Fault } from '@keyfold/kms-simulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AMPLE, AWAY, HOME, NOWHERE, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const kms = client();
const key = await sim.aws.createKey({ region: HOME, alias: 'alias/app' });
const old = await sim.aws.createKey({ region: HOME });
const rsa = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
const signing = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY' });
const multiRegion = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });

const check = async (options: AwsKmsKeyringOptions): Promise<readonly KeyCheck[]> =>
  await keyring(options).check({ signal: new AbortController().signal });

const ALL = { wrap: 'yes', unwrap: 'yes', generate: 'yes' };
const UNKNOWN = { wrap: 'unknown', unwrap: 'unknown', generate: 'unknown' };
const sound = (keyId: string, permitted: object = ALL): object => ({
  provider: 'aws-kms',
  keyId,
  keyVersion: '',
  reachable: true,
  state: 'enabled',
  permitted,
});

beforeEach(() => {
  sim.requests.reset();
});
afterEach(() => {
  sim.faults.clear();
});

describe('a key in order', () => {
  it.each<[string, AwsKmsKeyringOptions, object[]]>([
    ['by its ARN', { key: key.arn }, [sound(key.arn)]],
    ['by its alias', { key: 'alias/app', region: HOME }, [sound(key.arn)]],
    ['by its id', { key: key.keyId, region: HOME }, [sound(key.arn)]],
    ['of RSA', { key: rsa.arn, algorithm: 'RSAES_OAEP_SHA_256' }, [sound(rsa.arn, { ...ALL, generate: 'no' })]],
    ['in several Regions: a row for each', { key: multiRegion.arn, region: [AWAY, HOME] }, [sound(multiRegion.arns[AWAY] ?? ''), sound(multiRegion.arn)]],
    [
      'with keys that are unwrapped with only',
      { key: key.arn, alsoUnwrap: [old.arn, rsa.arn, old.arn, key.arn] },
      [sound(key.arn), sound(old.arn, { wrap: 'no', unwrap: 'yes', generate: 'no' }), sound(rsa.arn, { wrap: 'no', unwrap: 'yes', generate: 'no' })],
    ],
  ])('%s', async (_, options, rows) => {
    expect(await check(options)).toEqual(rows);
  });

  it('is only described and asked about with dry runs, which do nothing', async () => {
    await check({ key: key.arn });
    const seen = sim.requests.list().map(({ operation, outcome }) => `${operation} ${outcome}`);
    expect(seen.sort()).toEqual([
      'Decrypt DryRunOperationException',
      'DescribeKey ok',
      'Encrypt DryRunOperationException',
      'GenerateDataKey DryRunOperationException',
    ]);
    const contexts = sim.requests.list({ operation: ['Encrypt', 'Decrypt', 'GenerateDataKey'] }).map((one) => one.encryptionContext);
    expect(contexts).toEqual(Array(3).fill({ 'keyfold:format': '1' }));
  });
});

describe('permissions', () => {
  const deny = (...operations: string[]): void => {
    sim.faults.inject({ kind: 'access-denied', operation: operations });
  };

  it('that only a writer, a reader or a rewrapper has are no problem', async () => {
    for (const [denied, permitted] of [
      [['Decrypt'], { ...ALL, unwrap: 'no' }],
      [['Encrypt', 'GenerateDataKey'], { ...ALL, wrap: 'no', generate: 'no' }],
      [['GenerateDataKey'], { ...ALL, generate: 'no' }],
      [['DescribeKey', 'Encrypt', 'GenerateDataKey'], { ...ALL, wrap: 'no', generate: 'no' }],
    ] as const) {
      deny(...denied);
      expect(await check({ key: key.arn })).toEqual([sound(key.arn, permitted)]);
      sim.faults.clear();
    }
  });

  it('that are all missing are one, with all that may be granted', async () => {
    deny('DescribeKey', 'Decrypt', 'Encrypt', 'GenerateDataKey');
    const [row] = await check({ key: key.arn });
    expect(row).toMatchObject({ reachable: true, state: 'unknown', permitted: { wrap: 'no', unwrap: 'no', generate: 'no' } });
    expect(row?.problem).toMatchObject({ reason: 'access-denied' });
    expect(row?.problem?.remedy).toContain(`kms:GenerateDataKey, kms:Encrypt, kms:Decrypt on ${key.arn}`);
  });

  it('to look up an alias are needed to read by it', async () => {
    deny('DescribeKey');
    const [row] = await check({ key: 'alias/app', region: HOME });
    expect(row).toMatchObject({ keyId: 'alias/app', state: 'enabled', permitted: ALL, problem: { reason: 'access-denied' } });
    expect(row?.problem?.remedy).toContain('kms:DescribeKey on the key that alias/app leads to');
  });
});

describe('problems', () => {
  it.each<[string, () => Promise<AwsKmsKeyringOptions>, Partial<KeyCheck>, RegExp]>([
    [
      'disabled',
      async () => {
        const { arn, keyId: KeyId } = await sim.aws.createKey({ region: HOME });
        await kms.send(new DisableKeyCommand({ KeyId }));
        return { key: arn };
      },
      { reachable: true, state: 'disabled', problem: { reason: 'disabled', remedy: '' } },
      /aws kms enable-key --key-id arn:.* --region eu-west-1/,
    ],
    [
      'pending deletion',
      async () => {
        const { arn, keyId: KeyId } = await sim.aws.createKey({ region: HOME });
        await kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
        return { key: arn };
      },
      { reachable: true, state: 'pending-deletion', problem: { reason: 'pending-deletion', remedy: '' } },
      /aws kms cancel-key-deletion/,
    ],
    [
      'an alias that is gone',
      async () => {
        await kms.send(new CreateAliasCommand({ AliasName: 'alias/gone', TargetKeyId: key.keyId }));
        await kms.send(new DeleteAliasCommand({ AliasName: 'alias/gone' }));
        return { key: 'alias/gone', region: HOME };
      },
      { reachable: true, state: 'not-found', keyId: 'alias/gone', problem: { reason: 'not-found', remedy: '' } },
      /aws kms describe-key --key-id alias\/gone --region eu-west-1/,
    ],
    [
      'no replica there',
      async () => await Promise.resolve({ key: multiRegion.arn, region: NOWHERE }),
      { reachable: true, state: 'not-found', problem: { reason: 'not-found', remedy: '' } },
      /ap-south-1/,
    ],
    [
      'an RSA key without its algorithm',
      async () => await Promise.resolve({ key: rsa.arn }),
      { reachable: true, state: 'enabled', problem: { reason: 'misconfigured', remedy: '' } },
      /algorithm: 'RSAES_OAEP_SHA_256'/,
    ],
    [
      'a symmetric key as an RSA key',
      async () => await Promise.resolve({ key: key.arn, algorithm: 'RSAES_OAEP_SHA_256' as const }),
      { reachable: true, state: 'enabled', problem: { reason: 'misconfigured', remedy: '' } },
      /algorithm: 'SYMMETRIC_DEFAULT'/,
    ],
    [
      'a key for signatures',
      async () => await Promise.resolve({ key: signing.arn }),
      { reachable: true, state: 'enabled', problem: { reason: 'misconfigured', remedy: '' } },
      /ENCRYPT_DECRYPT/,
    ],
  ])('%s', async (_, make, { problem, ...row }, remedy) => {
    const options = await make();
    sim.requests.reset();
    const [found, ...more] = await check(options);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ ...row, problem: { reason: problem?.reason } });
    expect(found?.problem?.remedy).toMatch(remedy);
    // What a description already tells is not asked again.
    expect(sim.requests.count({ operation: ['Encrypt', 'Decrypt', 'GenerateDataKey'] })).toBe(0);
  });

  it.each<[Fault['kind'], boolean, object]>([
    ['hang', false, { reason: 'timeout' }],
    ['reset', false, { reason: 'unavailable' }],
    ['internal-error', false, { reason: 'unavailable' }],
    ['throttled', true, { reason: 'throttled' }],
    ['garbage', true, { reason: 'integrity' }],
    ['other-key', true, { reason: 'integrity' }],
  ])('%s: a row all the same', async (kind, reachable, problem) => {
    sim.faults.inject({ kind, operation: 'DescribeKey' } as Fault);
    const rows = await check({ key: key.arn, timeoutMs: kind === 'hang' ? 40 : AMPLE });
    expect(rows).toMatchObject([{ keyId: key.arn, reachable, state: 'unknown', permitted: UNKNOWN, problem }]);
  });

  it('that only a dry run meets are told too', async () => {
    sim.faults.inject({ kind: 'throttled', operation: 'Encrypt' });
    expect(await check({ key: key.arn })).toMatchObject([
      { reachable: true, state: 'enabled', permitted: { ...ALL, wrap: 'unknown' }, problem: { reason: 'throttled' } },
    ]);
  });

  it('in one Region do not hide the other', async () => {
    sim.faults.regionDown(HOME);
    expect(await check({ key: multiRegion.arn, region: [HOME, AWAY] })).toMatchObject([
      { keyId: multiRegion.arn, reachable: false, problem: { reason: 'unavailable' } },
      sound(multiRegion.arns[AWAY] ?? ''),
    ]);
  });
});

it('ends with an error only when its caller leaves', async () => {
  const controller = new AbortController();
  const running = keyring({ key: multiRegion.arn, region: [HOME, AWAY] }).check({ signal: controller.signal });
  controller.abort();
  await failure(running, 'aborted');
});
