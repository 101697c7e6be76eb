import { encrypt, multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { awsKmsKeyring } from '@keyfold/aws-kms';
import { rawAesKeyring } from '@keyfold/local-raw';
import { startSimulators } from '@keyfold/kms-simulators';
import type { Simulators } from '@keyfold/kms-simulators';
import { KMSClient } from '@aws-sdk/client-kms';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { names, randomFile, read } from './support/files.js';
import { at, keyfold } from './support/keyfold.js';

beforeEach(() => {
  for (const name of ['a', 'b', 'c', 'd']) randomFile(`${name}.key`, 32);
  mkdirSync(at('vault'));
});

/** What `-k` takes. */
function key(name: string): string {
  return `local-raw:${name}.key#${name}`;
}

function keyring(name: string): Keyring {
  return rawAesKeyring({ name, key: read(`${name}.key`) });
}

/** A keyring that was out of reach when the envelope was written. */
function down({ specificationVersion, provider, name, keks }: Keyring): Keyring {
  const failing = async (): Promise<never> => await Promise.reject(new Error('It is down.'));
  return { specificationVersion, provider, name, keks, wrap: failing, unwrap: failing };
}

async function degraded(path: string, up: readonly string[], missing: readonly string[], context?: Readonly<Record<string, string>>): Promise<void> {
  const members = [...up.map(keyring), ...missing.map((name) => down(keyring(name)))];
  const options = { keyring: multiKeyring({ members, write: { minimum: 1, patience: 1000 } }), headerPadding: 600, ...(context === undefined ? {} : { context }) };
  writeFileSync(at(path), await encrypt(randomFile('plain', 1000), options));
}

async function keysOf(path: string): Promise<readonly string[]> {
  const { stdout } = await keyfold(['inspect', '--json', path]);
  const { envelope } = JSON.parse(stdout.toString()) as { readonly envelope: { readonly wrappedKeys: readonly { readonly keyId: string; readonly pending: boolean }[] } };
  return envelope.wrappedKeys.map(({ keyId, pending }) => (pending ? `${keyId} pending` : keyId));
}

const repairing = (...names: readonly string[]): string[] => ['repair', ...names.flatMap((name) => ['-k', key(name)])];

describe('keyfold repair', () => {
  test('fills in what is pending, and passes over what is not', async () => {
    await degraded('vault/1', ['a'], ['b']);
    await degraded('vault/2', ['a', 'b'], []);
    writeFileSync(at('vault/notes.txt'), 'no envelope');
    const whole = read('vault/2');
    const { code, stdout } = await keyfold([...repairing('a', 'b'), 'vault']);
    expect(code).toBe(0);
    expect(stdout.toString()).toBe('1 file repaired, 1 without pending keys, 1 passed over: no envelope\n\nFiles  Change    Key\n    1  repaired  local-raw:b\n');
    expect(await keysOf('vault/1')).toEqual(['a', 'b']);
    expect(read('vault/2')).toEqual(whole);
    expect((await keyfold(['decrypt', '-k', key('b'), 'vault/1', '-o', '-'])).code).toBe(0);
  });

  test('a dry run tells the same and changes nothing', async () => {
    await degraded('vault/1', ['a'], ['b']);
    const before = read('vault/1');
    const { code, stdout } = await keyfold([...repairing('a', 'b'), '--dry-run', 'vault']);
    expect(code).toBe(0);
    expect(stdout.toString()).toContain('1 file would be repaired');
    expect(read('vault/1')).toEqual(before);
  });

  test('what nobody gave a key for is told, and is exit code 8', async () => {
    await degraded('vault/1', ['a'], ['b', 'c']);
    const { code, stdout, stderr } = await keyfold([...repairing('a', 'b'), '--json', 'vault']);
    expect(code).toBe(8);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout.toString())).toMatchObject({ files: { repaired: 0, stillPending: 1 }, outcomes: [{ path: 'vault/1', status: 'still-pending' }] });
    expect(await keysOf('vault/1')).toEqual(['a', 'b', 'c pending']);
    const again = await keyfold([...repairing('a', 'b'), 'vault']);
    expect(again.stderr).toContain('Still pending:\n  local-raw:c\n\nName these keys with -k');
  });

  test('what does not open fails, and stops nothing else', async () => {
    await degraded('vault/1', ['a'], ['b'], { tenant: 'acme' });
    await degraded('vault/2', ['a'], ['b']);
    const { code, stderr } = await keyfold([...repairing('a', 'b'), 'vault']);
    expect(code).toBe(3);
    expect(stderr).toContain('vault/1');
    expect(await keysOf('vault/2')).toEqual(['a', 'b']);
    expect((await keyfold([...repairing('a', 'b'), '--any-context', 'vault'])).code).toBe(0);
  });

  test('each keyring that a configuration has under one name stands for itself', async () => {
    await degraded('vault/1', ['a'], ['b', 'c']);
    const config = { defaultKeyring: 'all', keyrings: { all: { anyOf: ['a', 'rest'] }, a: key('a'), rest: { anyOf: [key('b'), { provider: 'local-raw', keyFile: 'd.key', keyName: 'd' }] } } };
    writeFileSync(at('keyfold.config.json'), JSON.stringify(config));
    expect((await keyfold(['repair', 'vault'])).code).toBe(8);
    expect(await keysOf('vault/1')).toEqual(['a', 'b', 'c pending']);
  });

  test('a checkpoint is kept while something is pending, and what was pending is tried again', async () => {
    await degraded('vault/1', ['a'], ['b']);
    await degraded('vault/2', ['a'], ['c']);
    const args = [...repairing('a', 'b', 'd'), '--checkpoint', 'log', 'vault'];
    expect((await keyfold(args)).code).toBe(8);
    expect(names()).toContain('log');
    // Somebody else has repaired it meanwhile.
    await keyfold([...repairing('a', 'c'), 'vault/2']);
    const { code, stdout } = await keyfold(args);
    expect(code).toBe(0);
    expect(stdout.toString()).toContain('repaired');
    expect(names()).not.toContain('log');
  });

  test('two repairs and a rewrap at once, again and again, lose no wrapped key', async () => {
    await degraded('vault/1', ['a'], ['b', 'c']);
    for (let i = 2; i <= 8; i++) cpSync(at('vault/1'), at(`vault/${i}`));
    // A file that another process is at work on fails with 5, and is done by the next round.
    const until = async (args: readonly string[], isDone: (code: number | null) => boolean): Promise<void> => {
      for (let round = 0; round < 40; round++) if (isDone((await keyfold([...args, 'vault'])).code)) return;
      throw new Error(`${args.join(' ')} came to no end`);
    };
    const notBusy = (code: number | null): boolean => code === 0 || code === 8;
    await Promise.all([
      until([...repairing('a', 'b'), '--concurrency', '2'], notBusy),
      until([...repairing('a', 'c'), '--concurrency', '3'], notBusy),
      until(['rewrap', '-k', key('a'), '-w', key('d'), '--concurrency', '1'], notBusy),
    ]);
    for (let i = 1; i <= 8; i++) expect(await keysOf(`vault/${i}`)).toEqual(['a', 'b', 'c', 'd']);
    for (const name of ['a', 'b', 'c', 'd']) expect((await keyfold(['decrypt', '-k', key(name), 'vault/5', '-o', '-'])).code).toBe(0);
    expect(names().filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('an outage of a Region', () => {
  let sim: Simulators;
  const clients: KMSClient[] = [];
  beforeEach(async () => {
    sim = await startSimulators();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await sim.close();
  });

  test('degraded write, amber drill, repair while it is down and after, green drill', async () => {
    const regions = ['eu-west-1', 'eu-central-1'];
    for (const region of regions) await sim.aws.createKey({ region, alias: 'alias/app' });
    const { endpoint } = sim.aws.clientConfig('eu-west-1');
    const alias = (region: string): string => `arn:aws:kms:${region}:111122223333:alias/app`;
    const members = regions.map((region) => {
      const client = new KMSClient({ ...sim.aws.clientConfig(region), maxAttempts: 1 });
      clients.push(client);
      return awsKmsKeyring({ key: alias(region), client });
    });
    const options = { env: { AWS_ENDPOINT_URL_KMS: endpoint, AWS_ACCESS_KEY_ID: 'simulator', AWS_SECRET_ACCESS_KEY: 'simulator' } };
    const commanded = regions.flatMap((region) => ['-k', `aws-kms:${alias(region)}`]);

    sim.faults.regionDown('eu-central-1');
    writeFileSync(at('vault/e'), await encrypt(randomFile('plain', 1000), { keyring: multiKeyring({ members, write: { minimum: 1, patience: 20_000 } }) }));
    const amber = await keyfold(['drill', '--must-survive', 'any-provider', '--fail-on-pending', '--json', 'vault'], options);
    expect(amber.code).toBe(8);
    expect(JSON.parse(amber.stdout.toString())).toMatchObject({ pending: { count: 1, ids: ['vault/e'] }, scenarios: [{ lastKey: { count: 1 } }, {}, {}, {}, {}] });

    const early = await keyfold(['repair', ...commanded, 'vault'], options);
    expect(early.code).toBe(6);
    expect(early.stderr).toContain('eu-central-1');

    sim.faults.regionUp('eu-central-1');
    const repaired = await keyfold(['repair', ...commanded, 'vault'], options);
    expect(repaired.stderr).not.toContain('pending');
    expect(repaired.code).toBe(0);
    expect(await keysOf('vault/e')).toEqual([expect.stringContaining('eu-central-1:111122223333:key/'), expect.stringContaining('eu-west-1:111122223333:key/')]);

    const green = await keyfold(['drill', '--must-survive', 'any-region', '--fail-on-pending', '--unwrap', ...commanded, 'vault'], options);
    expect(green.stdout.toString()).toContain('✓ The envelope survives the loss of any one region; 1 was really opened each way.');
    expect(green.code).toBe(0);
  });
});
