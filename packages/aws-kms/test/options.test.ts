/** Options that are taken, and options that are refused before anything is asked of AWS KMS. */
import { KMSClient } from '@aws-sdk/client-kms';
import { awsKmsKeyring } from '@keyfold/aws-kms';
import type { AwsKmsKeyringOptions } from '@keyfold/aws-kms';
import { refusal } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';

const UUID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const MRK = 'mrk-1234abcd12ab34cd56ef1234567890ab';
const ARN = `arn:aws:kms:eu-west-1:111122223333:key/${UUID}`;
const MRK_ARN = `arn:aws:kms:eu-west-1:111122223333:key/${MRK}`;
const ALIAS_ARN = 'arn:aws:kms:eu-west-1:111122223333:alias/app/prod';
const client = { send: (): never => { throw new Error('Nothing is to be sent.'); } } as unknown as KMSClient;

describe('keys', () => {
  it.each<[string, AwsKmsKeyringOptions, string]>([
    ['a key ARN', { key: ARN }, ARN],
    ['the ARN of a multi-Region key', { key: MRK_ARN }, MRK_ARN],
    ['its own Region once more', { key: ARN, region: 'eu-west-1' }, ARN],
    ['a multi-Region key in another Region', { key: MRK_ARN, region: 'us-east-1' }, `${MRK_ARN} in us-east-1`],
    ['a multi-Region key in several', { key: MRK_ARN, region: ['us-east-1', 'eu-west-1'] }, `${MRK_ARN} in us-east-1, eu-west-1`],
    ['the id of one in several', { key: MRK, region: ['us-east-1', 'eu-west-1'] }, `${MRK} in us-east-1, eu-west-1`],
    ['an alias ARN', { key: ALIAS_ARN }, ALIAS_ARN],
    ['an alias', { key: 'alias/app', region: 'eu-west-1' }, 'alias/app in eu-west-1'],
    ['an alias in the Region of the environment', { key: 'alias/app' }, 'alias/app'],
    ['a key id', { key: UUID }, UUID],
    ['another partition', { key: ARN.replace('aws', 'aws-us-gov') }, ARN.replace('aws', 'aws-us-gov')],
  ])('takes %s', (_, options, name) => {
    expect(awsKmsKeyring(options)).toMatchObject({
      specificationVersion: 'keyring-v1',
      provider: 'aws-kms',
      name,
      keks: [{ provider: 'aws-kms', keyId: options.key }],
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a name without alias/', 'app'],
    ['an alias of nothing', 'alias/'],
    ['an alias with odd characters', 'alias/my app'],
    ['an ARN of something else', 'arn:aws:s3:eu-west-1:111122223333:key/' + UUID],
    ['an ARN of an account that is none', ARN.replace('111122223333', '1234')],
    ['an ARN without a key', 'arn:aws:kms:eu-west-1:111122223333:key/'],
    ['a longer key id', `${UUID}0`],
    ['a line break', `${ARN}\n`],
    ['a key id in capitals', UUID.toUpperCase()],
  ])('refuses %s', (_, key) => {
    expect(refusal(() => awsKmsKeyring({ key: key as string }), 'options.key')).toMatch(/arn:aws:kms:eu-west-1/);
  });

  it('refuses no options at all', () => {
    expect(refusal(() => awsKmsKeyring(undefined as never), 'options')).toMatch(/awsKmsKeyring\(\{ key/);
  });
});

describe('Regions', () => {
  it.each<[string, AwsKmsKeyringOptions, RegExp]>([
    ['another Region of a key of one Region', { key: ARN, region: 'us-east-1' }, /eu-west-1 alone/],
    ['several Regions of a key of one Region', { key: ARN, region: ['eu-west-1', 'us-east-1'] }, /eu-west-1 alone/],
    ['another Region of an alias ARN', { key: ALIAS_ARN, region: 'us-east-1' }, /eu-west-1 alone/],
    ['several Regions of an alias', { key: 'alias/app', region: ['eu-west-1', 'us-east-1'] }, /mrk-/],
    ['several Regions of a key id', { key: UUID, region: ['eu-west-1', 'us-east-1'] }, /mrk-/],
    ['no Region', { key: MRK_ARN, region: [] }, /such as/],
    ['a Region twice', { key: MRK_ARN, region: ['eu-west-1', 'eu-west-1'] }, /different/],
    ['what is no Region', { key: MRK_ARN, region: 'Ireland' }, /such as/],
    ['what would be another host', { key: MRK_ARN, region: 'x.example.com/' }, /such as/],
    ['what is no text', { key: MRK_ARN, region: [1 as never] }, /such as/],
    ['no Region where clients are made for one', { key: 'alias/app', client: () => client }, /Region too/],
  ])('refuses %s', (_, options, message) => {
    expect(refusal(() => awsKmsKeyring(options), 'options.region')).toMatch(message);
  });
});

describe('other options', () => {
  it.each<[string, Partial<AwsKmsKeyringOptions>, string, RegExp]>([
    ['another algorithm', { algorithm: 'RSAES_OAEP_SHA_1' as never }, 'options.algorithm', /'RSAES_OAEP_SHA_256'/],
    ['a deadline of 0', { timeoutMs: 0 }, 'options.timeoutMs', /milliseconds/],
    ['half a millisecond', { timeoutMs: 0.5 }, 'options.timeoutMs', /milliseconds/],
    ['more than a timer holds', { timeoutMs: 2 ** 31 }, 'options.timeoutMs', /2147483647/],
    ['an alias among old keys', { alsoUnwrap: ['alias/old'] }, 'options.alsoUnwrap', /alias does not say/],
    ['old keys that are no array', { alsoUnwrap: ARN as never }, 'options.alsoUnwrap', /array/],
    ['a client that sends nothing', { client: {} as never }, 'options.client', /KMSClient/],
    ['one client for keys in two Regions', { client, alsoUnwrap: [ARN.replace('eu-west-1', 'us-east-1')] }, 'options.client', /function/],
    ['one client for two Regions', { key: MRK_ARN, region: ['eu-west-1', 'us-east-1'], client }, 'options.client', /function/],
    ['a client and settings for one', { client, clientConfig: {} }, 'options.clientConfig', /not both/],
    ['settings that are none', { clientConfig: 'eu-west-1' as never }, 'options.clientConfig', /such as/],
  ])('refuses %s', (_, options, argument, message) => {
    expect(refusal(() => awsKmsKeyring({ key: ARN, ...options }), argument)).toMatch(message);
  });

  it('takes a client of the SDK, and anything that sends', () => {
    const sdk = new KMSClient({ region: 'eu-west-1' });
    for (const given of [sdk, client, () => sdk, (region: string) => new KMSClient({ region })]) {
      expect(awsKmsKeyring({ key: ARN, client: given }).name).toBe(ARN);
    }
    sdk.destroy();
  });
});
