/** Two processes that repair a file and one that moves it to another key, killed at any moment and started again. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { decryptFile, encryptFile, inspectFile, rewrapFile } from '@keyfold/core/node';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { rawAesKeyring } from '@keyfold/local-raw';
import { afterAll, expect, it } from 'vitest';
import { allowTime, cases } from '../support/cases.js';

allowTime();
const folder = await mkdtemp(join(tmpdir(), 'keyfold-'));
afterAll(async () => { await rm(folder, { recursive: true }); });

const NAMES = ['retired', 'everyday', 'was-down', 'new'] as const;
type Name = (typeof NAMES)[number];
const keys = Object.fromEntries(NAMES.map((name) => [name, randomBytes(32).toString('hex')])) as Record<Name, string>;
const keyringOf = (name: Name): Keyring => rawAesKeyring({ name, key: new Uint8Array(Buffer.from(keys[name], 'hex')) });

const REPAIR = { opens: ['everyday'], wraps: ['everyday', 'was-down'], removes: [] };
const MOVE = { opens: ['retired', 'everyday'], wraps: ['new'], removes: ['retired'] };
const JOBS: readonly { readonly opens: Name[]; readonly wraps: Name[]; readonly removes: Name[] }[] = [REPAIR as never, REPAIR as never, MOVE as never];

const path = join(folder, 'a.keyfold');
const plaintext = randomBytes(200_000);

/** Rewraps until it is killed, a random while after it first did something; returns the revisions that it said it wrote. */
async function rewrapAndDie(job: (typeof JOBS)[number]): Promise<number[]> {
  const script = join(import.meta.dirname, 'rewrap-process.mjs');
  const child = spawn(process.execPath, [script, JSON.stringify({ path, keys, ...job })], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const closed = new Promise<unknown>((resolve) => child.on('close', resolve));
  const started = new Promise<void>((resolve) => child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); resolve(); }));
  await Promise.race([started, closed]);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
  child.kill('SIGKILL');
  await closed;
  // The last line may be cut short.
  const lines = output.split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    const [, revision] = /^(?:in-place|rewritten) (\d+)$/.exec(line) ?? [];
    if (revision === undefined) expect(line).toMatch(/^file-busy /);
    return revision === undefined ? [] : [Number(revision)];
  });
}

it('at every moment the file opens, no change is lost, and no key that was not removed', async () => {
  const dark: Keyring = { ...keyringOf('was-down'), wrap: async () => await Promise.reject(new Error('It is down.')) };
  const keyring = multiKeyring({ members: [keyringOf('retired'), keyringOf('everyday'), dark], write: { minimum: 2 } });
  const source = join(folder, 'source');
  await writeFile(source, plaintext);
  await encryptFile(source, path, { keyring });

  const rounds = cases(12, 3);
  const confirmed: number[] = [];
  const state = { isOver: false };
  const running = Promise.all(JOBS.map(async (job) => {
    for (let round = 0; round < rounds; round++) confirmed.push(...(await rewrapAndDie(job)));
  })).finally(() => { state.isOver = true; });

  const target = join(folder, 'opened');
  let revision = 0;
  while (!state.isOver) {
    const info = await decryptFile(path, target, { keyring: keyringOf('everyday'), overwrite: true });
    expect(Buffer.compare(await readFile(target), plaintext)).toBe(0);
    expect(info.revision).toBeGreaterThanOrEqual(revision);
    ({ revision } = info);
  }
  await running;

  // Whatever the last ones left undone, the next ones do.
  for (const { opens, wraps, removes } of JOBS) {
    const [opener, wrapper] = [opens, wraps].map((names) => multiKeyring({ members: names.map(keyringOf) })) as [Keyring, Keyring];
    await rewrapFile(path, { keyring: opener, wrapWith: wrapper, remove: removes.map((keyId) => ({ provider: 'local-raw', keyId })) });
  }
  const { wrappedKeys, revision: last } = await inspectFile(path);
  expect(wrappedKeys.map(({ keyId, pending }) => [keyId, pending]).sort()).toEqual([['everyday', false], ['new', false], ['was-down', false]]);
  for (const name of ['everyday', 'new', 'was-down'] as const) {
    await decryptFile(path, target, { keyring: keyringOf(name), overwrite: true });
    expect(Buffer.compare(await readFile(target), plaintext)).toBe(0);
  }
  await failure(decryptFile(path, target, { keyring: keyringOf('retired'), overwrite: true }), 'no-matching-key');
  // Each said its number once, and none was given twice.
  expect(new Set(confirmed).size).toBe(confirmed.length);
  expect(Math.max(...confirmed)).toBeLessThanOrEqual(last);
  expect(confirmed.length).toBeGreaterThan(0);
  expect((await readdir(folder)).sort()).toEqual(['a.keyfold', 'opened', 'source']);
});
