import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encrypt, inspect, keyUsage, multiKeyring } from '../../src/index.js';
import type { Keyring } from '../../src/index.js';
import { decryptFile, inspectFile, readHeader, repairFile } from '../../src/node.js';
import { RewrapLock } from '../../src/file/rewrap-lock.js';
import { patterned } from '../support/bytes.js';
import { TestKeyring } from '../support/test-keyring.js';
import { unreachable } from '../rewrap/keyrings.js';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyfold-repair-'));
  path = join(folder, 'e');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const a = new TestKeyring({ name: 'a' });
const b = new TestKeyring({ name: 'b' });
const plaintext = patterned(300_000);

async function write(members: readonly Keyring[], options: { readonly headerPadding?: number } = {}): Promise<void> {
  await writeFile(path, await encrypt(plaintext, { keyring: multiKeyring({ members, write: { minimum: 1, patience: 1000 } }), ...options }));
}

it.each([
  ['in place where padding makes room', { headerPadding: 200 }, 'in-place'],
  ['by writing it anew where not', {}, 'rewritten'],
] as const)('repairs a file %s, with which the other key alone opens it', async (_, options, written) => {
  await write([a, unreachable(b)], options);
  expect(await repairFile(path, { keyring: a, members: [b] })).toMatchObject({ changed: true, written, revision: 1, attempts: [] });
  expect((await inspectFile(path)).wrappedKeys.every(({ pending }) => !pending)).toBe(true);
  await decryptFile(path, join(folder, 'copy'), { keyring: b });
  expect(Buffer.compare(await readFile(join(folder, 'copy')), plaintext)).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(['copy', 'e']);
});

it('a dry run writes nothing', async () => {
  await write([a, unreachable(b)]);
  const before = await readFile(path);
  expect(await repairFile(path, { keyring: a, members: [b], dryRun: true })).toMatchObject({ changed: true, written: 'untouched' });
  expect(Buffer.compare(await readFile(path), before)).toBe(0);
});

it('where nothing can be repaired it is only read: a lock that somebody holds is no hindrance', async () => {
  await write([a, b]);
  const calls = a.operations.length + b.operations.length;
  const lock = await RewrapLock.take(path, await stat(path), false);
  try {
    expect(await repairFile(path, { keyring: a, members: [a, b] })).toMatchObject({ changed: false, written: 'untouched' });
  } finally {
    await lock.release();
  }
  expect(a.operations.length + b.operations.length).toBe(calls);
});

it('why a key stays pending is told', async () => {
  await write([a, unreachable(b), unreachable(new TestKeyring({ name: 'c' }))]);
  const { attempts } = await repairFile(path, { keyring: a, members: [b, unreachable(new TestKeyring({ name: 'c' }))] });
  expect(attempts).toMatchObject([{ keyring: 'c', outcome: 'failed' }]);
});

it('readHeader gives the header’s bytes, of an envelope and of a header kept apart', async () => {
  await write([a, b]);
  const header = await readHeader(path);
  expect(header).toHaveLength(inspect(header).headerLength);
  expect((await keyUsage([{ id: 'e', header }])).keys.map(({ keyId }) => keyId)).toEqual(['a', 'b']);
  await writeFile(join(folder, 'h'), header);
  expect(await readHeader(join(folder, 'h'))).toEqual(header);
  await writeFile(join(folder, 'cut'), header.subarray(0, 40));
  await expect(readHeader(join(folder, 'cut'))).rejects.toMatchObject({ code: 'truncated' });
});
