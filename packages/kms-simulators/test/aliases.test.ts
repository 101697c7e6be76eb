import {
  CreateAliasCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { errorName, failureOf } from './support/failure.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { bytes } from './support/values.js';

const { sim, client } = await simulated();
const kms = client();
const first = await sim.aws.createKey({ region: HOME });
const second = await sim.aws.createKey({ region: HOME });

describe('an alias', () => {
  it('can be pointed at another key; old ciphertexts stay with the old one', async () => {
    const AliasName = 'alias/moving';
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: first.keyId }));
    const old = await kms.send(new EncryptCommand({ KeyId: AliasName, Plaintext: bytes(32) }));
    expect(old.KeyId).toBe(first.arn);
    await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: second.arn }));
    const fresh = await kms.send(new EncryptCommand({ KeyId: AliasName, Plaintext: bytes(32) }));
    expect(fresh.KeyId).toBe(second.arn);
    const { CiphertextBlob } = old;
    expect((await kms.send(new DecryptCommand({ CiphertextBlob }))).KeyId).toBe(first.arn);
    const byAlias = kms.send(new DecryptCommand({ KeyId: AliasName, CiphertextBlob }));
    expect(await errorName(byAlias)).toBe('IncorrectKeyException');
  });

  it('can be deleted without its key', async () => {
    const AliasName = 'alias/passing';
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: first.keyId }));
    await kms.send(new DeleteAliasCommand({ AliasName }));
    expect(await errorName(kms.send(new DescribeKeyCommand({ KeyId: AliasName })))).toBe('NotFoundException');
    expect(sim.aws.findKey({ region: HOME, key: first.keyId })?.state).toBe('Enabled');
  });

  it('is its Region’s own', async () => {
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/local', TargetKeyId: first.keyId }));
    const away = client(AWAY);
    const call = away.send(new DescribeKeyCommand({ KeyId: 'alias/local' }));
    expect(await failureOf(call)).toMatchObject({
      name: 'NotFoundException',
      message: 'Alias arn:aws:kms:us-east-1:111122223333:alias/local is not found.',
    });
  });

  it('is listed by name, by key and page by page', async () => {
    const region = 'ap-south-1';
    const south = client(region);
    const one = await sim.aws.createKey({ region, alias: 'alias/b' });
    const two = await sim.aws.createKey({ region, alias: 'alias/a' });
    const all = await south.send(new ListAliasesCommand({}));
    expect(all.Aliases?.map((alias) => [alias.AliasName, alias.AliasArn, alias.TargetKeyId])).toEqual([
      ['alias/a', two.aliasArn, two.keyId],
      ['alias/b', one.aliasArn, one.keyId],
    ]);
    const some = await south.send(new ListAliasesCommand({ KeyId: one.arn }));
    expect(some.Aliases?.map((alias) => alias.AliasName)).toEqual(['alias/b']);
    const page = await south.send(new ListAliasesCommand({ Limit: 1 }));
    expect(page).toMatchObject({ Truncated: true });
    const rest = await south.send(new ListAliasesCommand({ Marker: page.NextMarker }));
    expect(rest.Aliases?.map((alias) => alias.AliasName)).toEqual(['alias/b']);
  });

  it.each([
    ['without its prefix', 'app', 'ValidationException'],
    ['reserved for AWS', 'alias/aws/s3', 'InvalidAliasNameException'],
    ['with a space', 'alias/my app', 'InvalidAliasNameException'],
  ])('cannot have a name %s', async (_, AliasName, name) => {
    const call = kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: first.keyId }));
    expect(await errorName(call)).toBe(name);
  });

  it('cannot be made twice, nor changed before it is made', async () => {
    const AliasName = 'alias/once';
    const unmade = kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: first.keyId }));
    expect(await errorName(unmade)).toBe('NotFoundException');
    expect(await errorName(kms.send(new DeleteAliasCommand({ AliasName })))).toBe('NotFoundException');
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: first.keyId }));
    const twice = kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: second.keyId }));
    expect(await errorName(twice)).toBe('AlreadyExistsException');
  });

  it('cannot be pointed at a key of another kind', async () => {
    const rsa = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
    const AliasName = 'alias/symmetric';
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: first.keyId }));
    const call = kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: rsa.keyId }));
    expect(await errorName(call)).toBe('ValidationException');
  });

  it('does not stand for its key where keys are managed', async () => {
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/managed', TargetKeyId: first.keyId }));
    const call = kms.send(new DisableKeyCommand({ KeyId: 'alias/managed' }));
    expect(await errorName(call)).toBe('NotFoundException');
  });
});
