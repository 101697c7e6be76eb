import { beforeEach, describe, expect, test } from 'vitest';
import { makeKey, names, randomFile, read } from './support/files.js';
import { keyfold } from './support/keyfold.js';
import type { Finished } from './support/keyfold.js';
import { gcpSettings, simulated, writeConfig } from './support/simulated.js';

const { sim } = simulated();
let arn = '';
let gcpName = '';
let env: Readonly<Record<string, string>> = {};
beforeEach(async () => {
  ({ arn } = await sim().aws.createKey({ region: 'eu-west-1', alias: 'alias/app' }));
  ({ name: gcpName } = await sim().gcp.createKey({ location: 'europe-west1', key: 'app' }));
  env = { ...sim().aws.environment('eu-west-1') };
  await makeKey('app');
  randomFile('data', 100);
});

async function run(...args: string[]): Promise<Finished> {
  return await keyfold(args, { env });
}

/** A configuration of AWS, Google Cloud and a file, of which two of different providers are enough to write. */
function configure(settings: object = { write: { minimum: 2, distinctDomains: ['provider'], patience: 0 } }): void {
  writeConfig({
    defaultKeyring: 'all',
    keyrings: { all: { anyOf: [`aws-kms:${arn}`, 'cloud', 'local-raw:app.key'], ...settings }, cloud: gcpSettings(sim(), gcpName) },
  });
}

describe('a write that may do without a key', () => {
  test('says which key is missing and how to add it, and the others open the envelope', async () => {
    configure({ write: { minimum: 2, distinctDomains: ['provider'] } });
    sim().faults.regionDown('eu-west-1');
    const { code, stderr } = await run('encrypt', 'data', '--quiet');
    expect(stderr).toMatch(new RegExp(`^Not yet under aws-kms:${arn}, which was out of reach: .*: keyfold repair data\\.keyfold\n$`));
    expect(code).toBe(0);
    expect((await run('decrypt', 'data.keyfold', '-o', 'copy')).code).toBe(0);
    expect(read('copy')).toEqual(read('data'));
    expect((await run('inspect', 'data.keyfold')).stdout.toString()).toMatch(new RegExp(`aws-kms +pending +${arn}`));
  });

  test('also when the envelope goes to stdout, and for programs', async () => {
    configure({ write: { minimum: 2 } });
    sim().faults.regionDown('europe-west1');
    const piped = await run('encrypt', 'data', '-k', 'all', '-c', 'a=b c', '-o', '-');
    expect(piped.stdout.subarray(0, 7).toString()).toBe('KEYFOLD');
    expect(piped.stderr).toContain(`Not yet under gcp-kms:${gcpName}`);
    expect(piped.stderr).toContain("Once it answers: keyfold repair -k all -c 'a=b c' <its file>\n");
    const { code, stdout } = await run('encrypt', 'data', '--json');
    expect(JSON.parse(stdout.toString())).toMatchObject({ pending: [{ provider: 'gcp-kms', keyId: gcpName }] });
    expect(code).toBe(0);
  });

  test('says nothing when all were reached', async () => {
    configure({ write: { minimum: 2, distinctDomains: ['provider'], patience: 30_000 } });
    const { code, stderr } = await run('encrypt', 'data', '--quiet');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse((await run('encrypt', 'data', '-f', '--json')).stdout.toString())).toMatchObject({ pending: [] });
  });

  test('nothing is written when too few were reached, or a required one was not', async () => {
    configure();
    sim().faults.regionDown('eu-west-1');
    sim().faults.regionDown('europe-west1');
    const few = await run('encrypt', 'data');
    expect(few.stderr).toContain('so nothing was written');
    expect(few.code).toBe(6);
    sim().faults.clear();
    sim().faults.regionDown('eu-west-1');
    writeConfig({
      defaultKeyring: 'all',
      keyrings: { all: { anyOf: [{ keyring: `aws-kms:${arn}`, required: true }, 'local-raw:app.key'], write: { minimum: 1 } } },
    });
    expect((await run('encrypt', 'data')).code).toBe(6);
    expect(names()).not.toContain('data.keyfold');
  });

  test('keys that the command line names are all needed', async () => {
    configure();
    sim().faults.regionDown('europe-west1');
    const { code, stderr } = await run('encrypt', '-k', `aws-kms:${arn}`, '-k', 'cloud', '-k', 'local-raw:app.key', 'data');
    expect(stderr).toContain('could not be wrapped, so nothing was written');
    expect(code).toBe(6);
  });
});

describe('a deadline', () => {
  test('ends what does not answer', async () => {
    writeConfig({ defaultKeyring: 'all', keyrings: { all: { anyOf: [`aws-kms:${arn}`, 'local-raw:app.key'], deadline: 100 } } });
    sim().faults.inject({ kind: 'hang' });
    const { code, stderr } = await run('encrypt', 'data');
    expect(stderr).toContain('no answer to wrap within 100 ms');
    expect(code).toBe(6);
  });
});
