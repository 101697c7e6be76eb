import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached, isKeyfoldError } from '../../src/index.js';
import { namesIn, newFolder, stepsIn } from '../file-rewrap/folders.js';
import type { Step } from '../file-rewrap/folders.js';
import type { Incident } from '../file-rewrap/processes/child.js';
import { hex, patterned } from '../support/bytes.js';
import { allowTime } from '../support/cases.js';
import { startChild } from '../support/processes/child.js';
import { fixedKeyring } from '../support/processes/fixed-keyring.mjs';

allowTime();

const keyHex = hex(patterned(32));
const keyring = fixedKeyring(keyHex);
const older = patterned(9000, 1);
const newer = patterned(12_000, 2);
/** Processes that run at one time. */
const AT_ONCE = 2;

/** A folder with what is to be encrypted, and with a pair that it is to replace, if there is one. */
async function prepare(replaces: boolean): Promise<string> {
  const folder = newFolder();
  await writeFile(join(folder, 'plain'), newer);
  if (!replaces) return folder;
  const { header, payload } = await encryptDetached(older, { keyring });
  await writeFile(join(folder, 'payload'), payload);
  await writeFile(join(folder, 'header'), header);
  return folder;
}

/** Encrypts into a header and a payload in a process of its own, and says how it ended. */
async function run(folder: string, incident: Incident): Promise<{ readonly said: string | undefined; readonly signal: string | null }> {
  const [source, target, headerFile] = ['plain', 'payload', 'header'].map((name) => join(folder, name)) as [string, string, string];
  const child = startChild({ operation: 'encrypt', source, target, headerFile, overwrite: true, keyHex }, undefined, incident);
  let said: string | undefined;
  for await (const line of child.lines) said = line;
  return { said, signal: (await child.exited).signal };
}

async function stepsOf(replaces: boolean, what: 'kill' | 'no-links'): Promise<Step[]> {
  const folder = await prepare(replaces);
  const log = join(newFolder(), 'log');
  expect(await run(folder, { log, what })).toEqual({ said: 'done', signal: null });
  return stepsIn(log);
}

/** Which plaintext a header in a file opens with a payload in another one: none when they are no pair, or one is not there. */
async function openedBy(folder: string, header: string, payload: string): Promise<'older' | 'newer' | undefined> {
  try {
    const pair = { header: await readFile(join(folder, header)), payload: await readFile(join(folder, payload)) };
    const opened = await decryptDetached(pair, { keyring });
    return Buffer.compare(opened, older) === 0 ? 'older' : Buffer.compare(opened, newer) === 0 ? 'newer' : undefined;
  } catch (error) {
    if (!isKeyfoldError(error) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

interface Left {
  /** What header and payload hold under their names. */
  readonly named: 'older' | 'newer' | undefined;
  /** What the header opens together with a payload under a temporary name. */
  readonly recovered: 'older' | 'newer' | undefined;
  readonly names: readonly string[];
}

async function leftIn(folder: string): Promise<Left> {
  const names = namesIn(folder);
  let recovered: Left['recovered'];
  for (const name of names) {
    if (/^\.payload\.[0-9a-f]{12}\.keyfold-tmp$/.test(name)) recovered ??= await openedBy(folder, 'header', name);
  }
  return { named: await openedBy(folder, 'header', 'payload'), recovered, names: names.filter((name) => !name.startsWith('.')) };
}

/** What is left when the process is killed before each of its steps, in their order. */
async function killedBeforeEach(replaces: boolean, what: 'kill' | 'no-links'): Promise<Left[]> {
  const steps = await stepsOf(replaces, what);
  const left: Left[] = [];
  const work = steps.entries();
  const worker = async (): Promise<void> => {
    for (const [i, { step }] of work) {
      const folder = await prepare(replaces);
      expect((await run(folder, { log: '/dev/null', at: step, what })).signal).toBe('SIGKILL');
      left[i] = await leftIn(folder);
      // Whatever is left is in nobody's way.
      expect(await run(folder, { log: '/dev/null' })).toEqual({ said: 'done', signal: null });
      expect((await leftIn(folder)).named).toBe('newer');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return left;
}

describe('a process that is killed while it replaces a header and its payload', () => {
  it.each(['kill', 'no-links'] as const)('leaves the old pair, the new pair, or the old header beside its payload (%s)', async (what) => {
    const left = await killedBeforeEach(true, what);
    for (const { named, recovered } of left) expect(named ?? recovered).toBeDefined();
    const told = left.map(({ named, recovered }) => (named === undefined ? `${String(recovered)} beside` : named));
    const order = told.filter((one, i) => one !== told[i - 1]);
    expect(order).toEqual(['older', 'older beside', 'newer']);
    // Without hard links the payload has no name for a moment; else each of the two always has a file.
    const nameless = left.filter(({ names }) => !names.includes('payload') || !names.includes('header'));
    expect(nameless.length).toBe(what === 'kill' ? 0 : 1);
  });

  it('leaves nothing or a payload without a header where there was none, and a header never without its payload', async () => {
    const left = await killedBeforeEach(false, 'kill');
    for (const { named, names } of left) expect(named).toBe(names.includes('header') ? 'newer' : undefined);
    const told = left.map(({ names }) => names.filter((name) => name !== 'plain').join(' '));
    expect(told.filter((one, i) => one !== told[i - 1])).toEqual(['', 'payload', 'header payload']);
  });
});

describe('a step that fails while a pair is replaced', () => {
  it('leaves the old pair and nothing else, unless there is another way, or it comes behind the end', async () => {
    const steps = await stepsOf(true, 'kill');
    const work = steps.values();
    const worker = async (): Promise<void> => {
      for (const { step, name, path } of work) {
        const folder = await prepare(true);
        const { said } = await run(folder, { log: '/dev/null', at: step, what: 'fail' });
        const isOptional = name === 'link' || name === 'rm' || (name === 'sync' && !path.endsWith('.keyfold-tmp'));
        const { named } = await leftIn(folder);
        if (isOptional) {
          expect([said, named], JSON.stringify({ name, path })).toEqual(['done', 'newer']);
        } else {
          expect(said, JSON.stringify({ name, path })).toMatch(/^failed .*"code":"file-failed".*"cause":"EIO"/);
          expect(named).toBe('older');
          expect(namesIn(folder)).toEqual(['header', 'payload', 'plain']);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });
});

describe('a power loss', () => {
  it('finds both on the disk before either has its name, and the payload under its name before the header', async () => {
    const steps = await stepsOf(true, 'kill');
    const shown = steps.map(({ name, path, to }) => `${name} ${nameOf(to ?? path)}`);
    expect(shown.filter((one) => !/^(open|chmod|chown) /.test(one))).toEqual([
      'writev payload beside',
      'sync payload beside',
      'writev header beside',
      'sync header beside',
      'link payload beside',
      'rename payload',
      'sync folder',
      'rename header',
      'sync folder',
      'rm payload beside',
    ]);
  });

  function nameOf(path: string): string {
    const [, name] = /\/\.?(payload|header)[^/]*$/.exec(path) ?? [];
    return name === undefined ? 'folder' : path.endsWith('.keyfold-tmp') ? `${name} beside` : name;
  }
});
