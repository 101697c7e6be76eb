import { beforeEach, expect, test } from 'vitest';
import { makeKey, randomFile, read } from './support/files.js';
import { keyfold } from './support/keyfold.js';
import type { Finished } from './support/keyfold.js';
import { gcpSettings, simulated, writeConfig } from './support/simulated.js';

const { sim } = simulated();
let arn = '';
let gcpName = '';
let env: Readonly<Record<string, string>> = {};
beforeEach(async () => {
  ({ arn } = await sim().aws.createKey({ region: 'eu-west-1' }));
  ({ name: gcpName } = await sim().gcp.createKey({ location: 'europe-west1', key: 'app' }));
  env = { ...sim().aws.environment('eu-west-1') };
  const settings = { headStart: 30_000, anyOf: [`aws-kms:${arn}`, gcpSettings(sim(), gcpName)] };
  writeConfig({ defaultKeyring: 'all', keyrings: { all: settings, aws: `aws-kms:${arn}` } });
  randomFile('data', 100);
});

async function run(...args: string[]): Promise<Finished> {
  return await keyfold(args, { env });
}

/** The events of a trace in JSON, without their times. */
function events(stderr: string): readonly (readonly string[])[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('{"trace"'));
  return lines.map((line) => {
    const { trace } = JSON.parse(line) as { trace: { provider: string; operation: string; event: string; atMs: number; tookMs?: number } };
    expect(trace.atMs).toBeGreaterThanOrEqual(trace.tookMs ?? 0);
    expect(trace.tookMs === undefined).toBe(trace.event === 'asked');
    return [trace.provider, trace.operation, trace.event];
  });
}

test('tells in an outage who was asked, who failed and who answered', async () => {
  await run('encrypt', 'data');
  sim().faults.regionDown('eu-west-1');
  const { code, stderr } = await run('decrypt', 'data.keyfold', '-o', 'copy', '--trace');
  expect(code).toBe(0);
  expect(read('copy')).toEqual(read('data'));
  const lines = stderr.split('\n');
  const ms = ' *\\d+ ms  ';
  expect(lines[0]).toMatch(new RegExp(`^${ms}aws-kms ${arn}: asked to unwrap$`));
  expect(lines[1]).toMatch(new RegExp(`^${ms}aws-kms ${arn}: failed after \\d+ ms \\(unavailable\\)$`));
  expect(lines[2]).toMatch(new RegExp(`^${ms}gcp-kms ${gcpName}: asked to unwrap$`));
  expect(lines[3]).toMatch(new RegExp(`^${ms}gcp-kms ${gcpName}: answered after \\d+ ms$`));
  expect(lines[4]).toMatch(/^Decrypted data.keyfold into copy/);
  expect(stderr).not.toContain('\u001b');
});

test('in JSON, with what to do about a failure, and the result apart from it', async () => {
  await run('encrypt', 'data');
  sim().faults.inject({ kind: 'access-denied', operation: 'Decrypt', provider: 'aws-kms' });
  const { code, stdout, stderr } = await run('decrypt', 'data.keyfold', '-o', 'copy', '--trace', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout.toString())).toMatchObject({ command: 'decrypt', output: 'copy' });
  expect(events(stderr)).toEqual([
    ['aws-kms', 'unwrap', 'asked'],
    ['aws-kms', 'unwrap', 'failed'],
    ['gcp-kms', 'unwrap', 'asked'],
    ['gcp-kms', 'unwrap', 'answered'],
  ]);
  expect(stderr).toContain('"failures":[{"reason":"access-denied"');
});

test('of one key alone too, and of the data key that it makes', async () => {
  expect(events((await run('encrypt', '-k', 'aws', 'data', '--trace', '--json')).stderr)).toEqual([
    ['aws-kms', 'generate', 'asked'],
    ['aws-kms', 'generate', 'answered'],
  ]);
  const local = await makeKey('app');
  const other = await run('decrypt', '-k', local, 'data.keyfold', '-o', 'copy', '--trace');
  expect(other.stderr).toMatch(/local-raw app: opens none of the keys of this envelope\n/);
  expect(other.code).toBe(3);
});

test('of a key that was not waited for any longer', async () => {
  writeConfig({ defaultKeyring: 'all', keyrings: { all: { anyOf: [`aws-kms:${arn}`, gcpSettings(sim(), gcpName)], headStart: 1 } } });
  await run('encrypt', 'data');
  sim().faults.inject({ kind: 'hang', provider: 'aws-kms' });
  const { code, stderr } = await run('decrypt', 'data.keyfold', '-o', 'copy', '--trace');
  expect(code).toBe(0);
  expect(stderr).toMatch(new RegExp(`aws-kms ${arn}: no longer waited for after \\d+ ms`));
});

test('of each file that is rewrapped, by its name', async () => {
  await makeKey('app');
  randomFile('more', 100);
  await run('encrypt', 'data');
  await run('encrypt', 'more');
  const { code, stderr } = await run('rewrap', '-w', 'local-raw:app.key', 'data.keyfold', 'more.keyfold', '--trace');
  expect(code).toBe(0);
  for (const file of ['data.keyfold', 'more.keyfold']) {
    expect(stderr).toMatch(new RegExp(`aws-kms ${arn}: answered after \\d+ ms  \\(${file}\\)\n`));
    expect(stderr).toMatch(new RegExp(`local-raw app: asked to wrap  \\(${file}\\)\n`));
  }
});

test('nothing is said without being asked', async () => {
  const { stderr } = await run('encrypt', 'data', '--quiet');
  expect(stderr).toBe('');
});
