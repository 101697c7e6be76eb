import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeKey, randomFile, read } from './support/files.js';
import { at, keyfold, shell, start } from './support/keyfold.js';

let old = '';
let fresh = '';
beforeEach(async () => {
  old = await makeKey('old');
  fresh = await makeKey('fresh');
  mkdirSync(at('vault/sub'), { recursive: true });
});

/** Copies of one envelope under the old key: quick to make, and each a file of its own. */
async function fillVault(count: number): Promise<void> {
  randomFile('plain', 1000);
  await keyfold(['encrypt', '-k', old, 'plain', '-o', 'vault/sub/e0.keyfold']);
  for (let i = 1; i < count; i++) cpSync(at('vault/sub/e0.keyfold'), at(`vault/sub/e${i}.keyfold`));
}

interface Report {
  readonly files: Readonly<Record<string, number>>;
  readonly outcomes: readonly { readonly path: string; readonly status: string; readonly changes: readonly { readonly change: string; readonly keyId: string }[] }[];
}

const toFresh = (): string[] => ['rewrap', '-k', old, '--wrap-with', fresh, '--remove', 'local-raw:old', 'vault'];

async function keysOf(path: string): Promise<string[]> {
  const { stdout } = await keyfold(['inspect', '--json', path]);
  const { envelope } = JSON.parse(stdout.toString()) as { envelope: { wrappedKeys: { keyId: string }[] } };
  return envelope.wrappedKeys.map(({ keyId }) => keyId);
}

describe('keyfold rewrap', () => {
  test('says who is at work on a file, and how to take over from one that is gone', async () => {
    await fillVault(1);
    const record = { host: 'elsewhere', pid: 4711, thread: 0, startedAt: 0, token: '0123456789abcdef' };
    writeFileSync(at('vault/sub/.e0.keyfold.keyfold-rewrap'), JSON.stringify(record));
    const busy = await keyfold(toFresh());
    expect(busy.code).toBe(5);
    expect(busy.stderr).toMatch(/e0\.keyfold is being rewrapped by process 4711 on elsewhere\. Try again when it has ended; if it is gone for good, use --take-over\.\n/);
    expect((await keyfold([...toFresh(), '--take-over'])).code).toBe(0);
    expect(await keysOf('vault/sub/e0.keyfold')).toEqual(['fresh']);
  });

  test('changes envelopes and headers in a folder, at any depth, and leaves other files and links alone', async () => {
    await fillVault(2);
    await keyfold(['encrypt', '-k', old, 'plain', '--header', 'vault/h', '-o', 'vault/p']);
    await keyfold(['encrypt', '-k', old, 'plain', '-o', 'outside']);
    symlinkSync(at('outside'), at('vault/link'));
    writeFileSync(at('vault/notes.txt'), 'no envelope');
    const payload = read('vault/p');

    const { code, stdout } = await keyfold(toFresh());
    expect(code).toBe(0);
    expect(stdout.toString()).toContain('3 files rewrapped, 2 passed over');
    expect(await keysOf('vault/sub/e1.keyfold')).toEqual(['fresh']);
    expect(await keysOf('vault/h')).toEqual(['fresh']);
    expect(await keysOf('outside')).toEqual(['old']);
    expect(read('vault/p')).toEqual(payload);
    expect((await keyfold(['decrypt', '-k', fresh, 'vault/p', '--header', 'vault/h', '-o', 'copy'])).code).toBe(0);
    expect(read('copy')).toEqual(read('plain'));
  });

  test('a dry run says the same and changes nothing; a second run finds nothing to do', async () => {
    await fillVault(1);
    const before = read('vault/sub/e0.keyfold');
    expect((await keyfold([...toFresh(), '--dry-run'])).stdout.toString()).toContain('1 file would be rewrapped');
    expect(read('vault/sub/e0.keyfold')).toEqual(before);
    expect((await keyfold(toFresh())).code).toBe(0);
    const after = read('vault/sub/e0.keyfold');
    const again = JSON.parse((await keyfold([...toFresh(), '--json'])).stdout.toString()) as Report;
    expect(again.files).toEqual({ rewrapped: 0, unchanged: 1, failed: 0, passedOver: 0 });
    expect(read('vault/sub/e0.keyfold')).toEqual(after);
  });

  test('one file that fails does not stop the others; the exit code and stderr tell of it, also in quiet', async () => {
    await fillVault(2);
    writeFileSync(at('vault/cut.keyfold'), read('vault/sub/e0.keyfold').subarray(0, 90));
    await keyfold(['encrypt', '-k', old, '--text', 'plain', '-o', 'vault/text']);
    const { code, stderr } = await keyfold([...toFresh(), '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toContain('vault/cut.keyfold');
    expect(stderr).toContain('an envelope as text');
    expect(await keysOf('vault/sub/e0.keyfold')).toEqual(['fresh']);
  });

  test('refuses to leave fewer keys than the minimum, and new keys that nothing proves', async () => {
    await fillVault(1);
    expect((await keyfold([...toFresh(), '--minimum', '2'])).code).toBe(3);
    await keyfold(['keygen', 'rsa', '-n', 'bg', '-o', 'bg.pem', '--bits', '2048', '-q']);
    const add = ['rewrap', '-k', old, '--wrap-with', 'local-raw:bg.pub.pem', 'vault'];
    const refused = await keyfold(add);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('--allow-unproven');
    expect(await keysOf('vault/sub/e0.keyfold')).toEqual(['old']);
    expect((await keyfold([...add, '--allow-unproven'])).stdout.toString()).toContain('added, unproven');
    expect((await keyfold(['decrypt', '-k', 'local-raw:bg.pem', 'vault/sub/e0.keyfold', '-o', 'copy'])).code).toBe(0);
  });

  test('a key is not taken out while none of those that stay is at hand', async () => {
    await fillVault(2);
    await keyfold(['rewrap', '-k', old, '--wrap-with', fresh, 'vault']);
    const removal = ['rewrap', '-k', old, '--remove', 'local-raw:old', 'vault'];
    const refused = await keyfold(removal);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('(local-raw fresh). Name one of them with -k.');
    // They have it, and it was not left out.
    expect(refused.stdout.toString()).not.toContain('No envelope had');
    const { stdout } = await keyfold([...removal, '--remove', 'local-raw:odl', '-k', fresh]);
    expect(stdout.toString()).toContain('No envelope had local-raw:odl');
    expect(stdout.toString()).not.toContain('No envelope had local-raw:old');
  });

  test.each([
    [['rewrap', '-k', 'OLD', 'vault'], '--wrap-with'],
    [['rewrap', '-k', 'OLD', '--remove', 'nothing', 'vault'], '<provider>:<key id>'],
    [['rewrap', '-k', 'OLD', '--remove', 'local-raw:x', '--concurrency', '0', 'vault'], '--concurrency'],
    [['rewrap', '-k', 'OLD', '--remove', 'local-raw:x', '--checkpoint', 'plain.txt', 'vault'], 'another kind'],
  ])('%j is refused', async (args, advice) => {
    writeFileSync(at('plain.txt'), 'mine');
    const { code, stderr } = await keyfold(args.map((arg) => (arg === 'OLD' ? old : arg)));
    expect(stderr).toContain(advice);
    expect(code).toBe(2);
    expect(read('plain.txt').toString()).toBe('mine');
  });
});

test('killed at any point and resumed: every envelope opens, and the report tells of all that was done', { timeout: 120_000 }, async () => {
  const count = 60;
  await fillVault(count);
  cpSync(at('vault'), at('original'), { recursive: true });
  const args = [...toFresh(), '--checkpoint', 'log', '--concurrency', '3', '--json'];
  let killed = 0;
  for (const wanted of [1, 10, 25, 50]) {
    rmSync(at('vault'), { recursive: true });
    rmSync(at('log'), { force: true });
    cpSync(at('original'), at('vault'), { recursive: true });
    const child = start(args);
    const ended = once(child, 'exit');
    while (child.exitCode === null && !(existsSync(at('log')) && read('log').toString().split('"ended"').length > wanted)) await sleep(1);
    child.kill('SIGKILL');
    const [, signal] = (await ended) as [number | null, string | null];
    if (signal === 'SIGKILL') killed++;
    const { code, stdout } = await keyfold(args);
    expect(code).toBe(0);
    const { outcomes } = JSON.parse(stdout.toString()) as Report;
    if (signal === 'SIGKILL') {
      expect(outcomes).toHaveLength(count);
      for (const { status, changes } of outcomes) {
        expect(status).toBe('rewrapped');
        expect(changes.map(({ change, keyId }) => `${change} ${keyId}`).sort()).toEqual(['added fresh', 'removed old']);
      }
      expect(existsSync(at('log'))).toBe(false);
    }
    const verdict = JSON.parse((await keyfold(['keys', '--json', 'vault'])).stdout.toString()) as { envelopes: number; keys: readonly object[] };
    expect(verdict).toMatchObject({ envelopes: count, keys: [{ keyId: 'fresh', envelopes: count, lastWayIn: count }] });
    expect((await keyfold(['decrypt', '-k', fresh, `vault/sub/e${wanted}.keyfold`, '-o', '-'])).stdout).toEqual(read('plain'));
  }
  expect(killed).toBeGreaterThan(0);
});

test('a folder in a folder that cannot be listed does not stop the others, and is not forgotten', async () => {
  await fillVault(1);
  // Longer than a path may be: not even root can list it, who may list all others.
  const name = 'x'.repeat(250);
  await shell(`cd vault; i=0; while [ $i -lt 20 ]; do mkdir ${name} && cd ${name} || exit; i=$((i+1)); done`);
  try {
    const { code, stderr } = await keyfold(toFresh());
    expect(code).toBe(5);
    expect(stderr).toMatch(/Could not list vault\/x+/);
    expect(await keysOf('vault/sub/e0.keyfold')).toEqual(['fresh']);

    const asked = await keyfold(['keys', '--destroy', 'local-raw:old', 'vault']);
    expect(asked.code).toBe(8);
    expect(asked.stderr).toMatch(/Could not list vault\/x+/);
    const drilled = await keyfold(['drill', 'vault']);
    expect(drilled.code).toBe(4);
    expect(drilled.stderr).toMatch(/Could not list vault\/x+/);
  } finally {
    await shell('rm -rf vault');
  }
});

describe('keyfold keys', () => {
  test('counts what needs which key, as text too, and says which key can be destroyed', async () => {
    await fillVault(2);
    await keyfold(['encrypt', '-k', old, '-k', fresh, 'plain', '-o', 'vault/both']);
    await keyfold(['encrypt', '-k', fresh, '--text', 'plain', '-o', 'vault/text']);
    const table = await keyfold(['keys', 'vault']);
    expect(table.code).toBe(0);
    expect(table.stdout.toString()).toMatch(/^ *2 +1 +0 +local-raw:fresh$/m);
    expect(table.stdout.toString()).toMatch(/^ *3 +2 +0 +local-raw:old$/m);
    const no = await keyfold(['keys', '--destroy', 'local-raw:old', 'vault']);
    expect(no.code).toBe(8);
    expect(no.stdout.toString()).toContain('vault/sub/e1.keyfold');
    expect(no.stdout.toString()).not.toContain('vault/both\n');
    expect((await keyfold(['keys', '--destroy', 'local-raw:old', 'vault/both'])).code).toBe(0);
    expect((await keyfold(['keys', '--destroy', 'local-raw:old', '--destroy', 'local-raw:fresh', 'vault/both'])).code).toBe(8);
  });

  test('a header that cannot be read makes no key safe to destroy, and nor does an empty folder', async () => {
    await fillVault(1);
    writeFileSync(at('vault/damaged'), 'KEYFOLD and then something else');
    expect((await keyfold(['keys', '--destroy', 'local-raw:unused', 'vault'])).code).toBe(8);
    mkdirSync(at('empty'));
    expect((await keyfold(['keys', '--destroy', 'local-raw:unused', 'empty'])).code).toBe(2);
  });

  test('the file of a key is not taken for its name, which would make its destruction look safe', async () => {
    await fillVault(1);
    for (const mistaken of ['local-raw:old.key', 'local-raw:./old.key', 'local-raw:old.key#old']) {
      const { code, stdout, stderr } = await keyfold(['keys', '--destroy', mistaken, 'vault']);
      expect(code).toBe(2);
      expect(stdout.toString()).toBe('');
      expect(stderr).toContain('old.key is the file of a key, and envelopes know a key by its name: say that, here local-raw:old.');
    }
    // A file of this name that is no key, and one whose key has this name, are no mistake.
    writeFileSync(at('unused'), 'a note');
    writeFileSync(at('other'), read('old.key').toString().replace('# name: old', '# name: other'));
    for (const key of ['local-raw:unused', 'local-raw:other']) {
      expect((await keyfold(['keys', '--destroy', key, 'vault'])).code).toBe(0);
    }
  });
});

test('the command without the cloud packages says what to install', () => {
  // As npm installs it, but for them.
  const home = at('node_modules/@keyfold/cli');
  const source = join(import.meta.dirname, '..');
  cpSync(join(source, 'dist'), join(home, 'dist'), { recursive: true });
  cpSync(join(source, 'package.json'), join(home, 'package.json'));
  for (const name of ['core', 'local-raw', 'quorum', 'recovery']) symlinkSync(join(source, '..', name), at(`node_modules/@keyfold/${name}`));
  for (const name of ['commander', 'picocolors', 'ajv']) symlinkSync(join(source, 'node_modules', name), at(`node_modules/${name}`));
  const main = join(home, 'dist/main.js');
  writeFileSync(at('data'), 'x');
  for (const [cwd, flag] of [[at('.'), ''], ['/', '--global ']] as const) {
    const { status, stderr } = spawnSync(process.execPath, [main, 'encrypt', '-k', 'aws-kms:alias/app', at('data')], { cwd, encoding: 'utf8' });
    expect(stderr).toContain(`npm install ${flag}@keyfold/aws-kms @aws-sdk/client-kms`);
    expect(status).toBe(2);
  }
});
