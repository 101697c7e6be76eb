/** Which keys fail together, as their names tell it; the commands that use it are in any-of.test.ts. */
import { encryptDetached } from '@keyfold/core';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import { drill } from '@keyfold/recovery';
import { expect, test } from 'vitest';
import { keyringOf } from './support/configured.js';
import { rawKey } from './support/files.js';

const IRELAND = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const SECOND = 'arn:aws:kms:eu-west-1:111122223333:key/5678abcd-12ab-34cd-56ef-1234567890ab';
const VIRGINIA = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const THEIRS = 'arn:aws:kms:eu-west-1:999999999999:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const EVERYWHERE = 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab';
const VAULT = 'https://acme.vault.azure.net/keys/data';
const BELGIUM = 'projects/acme/locations/europe-west1/keyRings/app/cryptoKeys/data';

/** The keyring of an `anyOf` entry, which may hold the key `local-raw:app.key#app`. */
async function make(anyOf: readonly unknown[], settings: object): Promise<unknown> {
  rawKey('app');
  return await keyringOf('all', { all: { anyOf, ...settings } });
}

/** The keyring of members that must all differ in what fails together. */
async function distinct(kind: string, anyOf: readonly unknown[]): Promise<unknown> {
  return await make(anyOf, { write: { minimum: anyOf.length, distinctDomains: [kind] } });
}

test.each([
  ['provider', [`aws-kms:${IRELAND}`, `gcp-kms:${BELGIUM}`, `azure-keyvault:${VAULT}`, 'local-raw:app.key#app']],
  ['account', [`azure-keyvault:${VAULT}`, `azure-keyvault:${VAULT.replace('acme', 'other')}`]],
  ['region', [`aws-kms:${IRELAND}`, `aws-kms:${VIRGINIA}`, `gcp-kms:${BELGIUM}`]],
  ['region', [`aws-kms:${IRELAND}`, { provider: 'aws-kms', key: 'alias/app', region: 'us-east-1' }]],
  ['region', [`aws-kms:${IRELAND}`, { provider: 'aws-kms', key: EVERYWHERE, region: ['us-east-1'] }]],
  ['region', [`gcp-kms:${BELGIUM}`, { anyOf: [`aws-kms:${IRELAND}`, `aws-kms:${THEIRS}`] }]],
  ['region', [`gcp-kms:${BELGIUM}`, { quorum: 'q', threshold: 2, shares: [`aws-kms:${IRELAND}`, `aws-kms:${THEIRS}`] }]],
  ['account', [`aws-kms:${IRELAND}`, `aws-kms:${THEIRS}`]],
  ['account', [`gcp-kms:${BELGIUM}`, `gcp-kms:${BELGIUM.replace('acme', 'other')}`]],
  ['account', [`aws-kms:${IRELAND}`, `gcp-kms:${BELGIUM}`, `azure-keyvault:${VAULT}`]],
  ['region', ['europe-west1', 'europe', 'eur4', 'global'].map((location) => `gcp-kms:${BELGIUM.replace('europe-west1', location)}`)],
  ['region', [`gcp-kms:${BELGIUM}`, { keyring: 'local-raw:app.key#app', domain: { region: 'basement' } }]],
])('each %s is another one: %j', async (kind, anyOf) => {
  await expect(distinct(kind, anyOf)).resolves.toBeDefined();
});

test.each([
  ['provider', [`aws-kms:${IRELAND}`, `aws-kms:${VIRGINIA}`]],
  ['region', [`aws-kms:${IRELAND}`, `aws-kms:${SECOND}`]],
  ['account', [`aws-kms:${IRELAND}`, `aws-kms:${VIRGINIA}`]],
  ['region', [{ keyring: `aws-kms:${IRELAND}`, domain: { region: 'eu' } }, { keyring: `gcp-kms:${BELGIUM}`, domain: { region: 'eu' } }]],
])('the %s is the same one twice: %j', async (kind, anyOf) => {
  await expect(distinct(kind, anyOf)).rejects.toThrow('keyrings.all: write: it does not hold even when every member succeeds');
});

/** In the words of the selectors and requirements of `keyfold drill`, which drill.test.ts of the recovery package holds. */
test.each([
  [`aws-kms:${IRELAND}`, 'provider aws-kms, account 111122223333, region eu-west-1'],
  [{ provider: 'aws-kms', key: 'alias/app', region: 'us-east-1' }, 'provider aws-kms, region us-east-1'],
  [{ provider: 'aws-kms', key: EVERYWHERE, region: 'us-east-1' }, 'provider aws-kms, account 111122223333, region us-east-1'],
  // Several Regions serve it, so that it fails with none of them.
  [{ provider: 'aws-kms', key: EVERYWHERE, region: ['eu-west-1', 'us-east-1'] }, 'provider aws-kms, account 111122223333'],
  [`gcp-kms:${BELGIUM}`, 'provider gcp-kms, account acme, region europe-west1'],
  [`azure-keyvault:${VAULT}`, 'provider azure-keyvault, account acme.vault.azure.net'],
  ['local-raw:app.key#app', 'provider local-raw'],
])('what fails together with %j is told: %s', async (member, expected) => {
  await expect(distinct('site', [member])).rejects.toThrow(`(only ${expected})`);
});

test.each([
  ['region', [`gcp-kms:${BELGIUM}`, 'local-raw:app.key#app'], 'anyOf[1]: write.distinctDomains asks for the region of each member, which app does not tell'],
  ['vault', [`azure-keyvault:${VAULT}`], 'anyOf[0]: write.distinctDomains asks for the vault'],
  ['provider', [`gcp-kms:${BELGIUM}`, { anyOf: [`aws-kms:${IRELAND}`, 'local-raw:app.key#app'] }], '(its members have nothing in common)'],
  ['constructor', ['local-raw:app.key#app'], 'anyOf[0]: write.distinctDomains asks for the constructor'],
])('nobody knows the %s of one of %j', async (kind, anyOf, expected) => {
  const refused = expect(distinct(kind, anyOf)).rejects;
  await refused.toThrow('file: keyrings.all.anyOf[');
  await refused.toThrow(expected);
});

test.each([
  [{ write: {} }, 'keyrings.all.write.minimum: this is missing'],
  [{ write: { minimum: 0 } }, 'keyrings.all.write.minimum: this must be >= 1'],
  [{ write: { minimum: 4 } }, 'keyrings.all: write.minimum: pass an integer from 1 to 1'],
  [{ write: { minimum: 1, distinct: [] } }, 'keyrings.all.write.distinct: there is no such setting'],
  [{ headStart: -1 }, 'keyrings.all.headStart: this must be >= 0'],
  [{ deadline: '1s' }, 'keyrings.all.deadline: this must be integer'],
  [{ anyOf: [{ keyring: 'x', require: true }] }, 'keyrings.all.anyOf[0].require: there is no such setting'],
  [{ anyOf: [{ keyring: 'x', domain: { region: 1 } }] }, 'keyrings.all.anyOf[0].domain.region: this must be string'],
  // Kinds that no drill could be asked for.
  [{ anyOf: [{ keyring: 'x', domain: { 'the site': 'Zug' } }] }, 'keyrings.all.anyOf[0].domain["the site"]: this name is not allowed'],
  [{ anyOf: [{ keyring: 'x', domain: { key: 'app' } }] }, 'keyrings.all.anyOf[0].domain.key: this name is not allowed'],
  [{ write: { minimum: 1, distinctDomains: ['key'] } }, 'keyrings.all.write.distinctDomains[0]: this'],
  [{ anyOf: [{ keyring: { provider: 'x' } }] }, 'keyrings.all.anyOf[0].keyring.provider: this must be'],
  [{ anyOf: [{ keyring: 'typo' }] }, 'keyrings.all.anyOf[0].keyring: there is no keyring called "typo"'],
])('%j is refused', async (settings, expected) => {
  await expect(make(['local-raw:app.key#app'], settings)).rejects.toThrow(expected);
});

/** Whether something resolves. */
async function isTaken(outcome: Promise<unknown>): Promise<boolean> {
  const [{ status }] = await Promise.allSettled([outcome]);
  return status === 'fulfilled';
}

test.each([
  ['site', true],
  ['rack-2', true],
  ['the site', false],
  ['2nd-site', false],
  ['key', false],
  ['keyId', false],
  ['named', false],
  ['nothing', false],
])('a policy and a drill agree on whether %s is a kind: %s', async (kind, expected) => {
  const domain = { [kind]: 'Zug' };
  expect(await isTaken(make([{ keyring: 'local-raw:app.key#app', domain }], {}))).toBe(expected);
  const { header } = await encryptDetached(new Uint8Array(1), { keyring: rawAesKeyring({ name: 'app', key: generateAesKey() }) });
  expect(await isTaken(drill([{ id: 'a', header }], { domainOf: () => domain }))).toBe(expected);
});
