import { cpSync, existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached } from '../../src/index.js';
import { rewrapFile } from '../../src/node.js';
import { IN_CI } from '../support/cases.js';
import { namesIn, newFolder, stepsIn } from './folders.js';
import type { Step } from './folders.js';
import { startRewrapping } from './processes/child.js';
import type { Incident, RewrapJob } from './processes/child.js';
import { namedKeyring } from './processes/named-keyring.mjs';
import { either, expectReadable, keysIn, plaintext, writeSealed } from './sealed-file.js';

/** Replaces the key `old` by `new`. */
const JOB = { opens: 'old', wraps: 'new', removes: 'old' } as const;
/** Processes that run at one time. */
const AT_ONCE = 2;
/** Every which step is tried. What happens on the disk does not depend on the engine: one of them tries all. */
const EVERY = process.env['KEYFOLD_ENGINE'] === 'node' || IN_CI ? 1 : 5;

/** Runs a job in a process to which something happens at one of its steps, and says how that ended. */
async function run(job: RewrapJob, incident: Incident): Promise<{ readonly lines: readonly string[]; readonly wasKilled: boolean }> {
  const { lines, signal } = await startRewrapping(job, incident).ended;
  return { lines, wasKilled: signal === 'SIGKILL' };
}

/** The steps of a job to which nothing happens. */
async function stepsOf(prepare: (folder: string) => Promise<RewrapJob>): Promise<Step[]> {
  const folder = newFolder();
  const log = join(newFolder(), 'log');
  await run(await prepare(folder), { log });
  return stepsIn(log);
}

/** Does something at every step of a job, each time in a folder of its own, and checks what is left. */
async function atEachStep(
  prepare: (folder: string) => Promise<RewrapJob>,
  what: 'kill' | 'tear' | 'fail',
  check: (folder: string, job: RewrapJob, lines: readonly string[], step: Step) => Promise<void>,
): Promise<void> {
  const steps = await stepsOf(prepare);
  expect(steps.length).toBeGreaterThan(8);
  const wanted = what === 'tear' ? steps.filter(({ name }) => name === 'write') : steps.filter(({ step }) => step % EVERY === 0);
  expect(wanted).not.toHaveLength(0);
  const work = wanted.entries();
  const worker = async (): Promise<void> => {
    for (const [, step] of work) {
      const folder = newFolder();
      const job = await prepare(folder);
      const log = join(newFolder(), 'log');
      const { lines, wasKilled } = await run(job, { log, at: step.step, what });
      expect(wasKilled, JSON.stringify(step)).toBe(what !== 'fail');
      expect(stepsIn(log)[step.step - 1]?.name).toBe(step.name);
      await check(folder, job, lines, step);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const payloads = new Map<string, Uint8Array>();

async function sealedFile(folder: string, headerPadding: number): Promise<RewrapJob> {
  const path = join(folder, 'a.keyfold');
  payloads.set(folder, await writeSealed(path, headerPadding));
  return { path, ...JOB };
}

/** One that needs more room than the header has. */
async function growing(folder: string): Promise<RewrapJob> {
  const { path } = await sealedFile(folder, 0);
  return { path, opens: 'old', wraps: 'new' };
}

/** That the file can be read, that a later rewrap finishes whatever was begun, and that then nothing is left of it. */
async function checkAndFinish(folder: string, { path }: RewrapJob): Promise<void> {
  const payload = payloads.get(folder) as Uint8Array;
  await expectReadable(path, payload);
  await rewrapFile(path, { keyring: either, wrapWith: namedKeyring('new'), remove: [{ provider: 'named', keyId: 'old' }] });
  expect(keysIn(path)).toEqual(['new']);
  await expectReadable(path, payload, namedKeyring('new'));
  expect(namesIn(folder)).toEqual(['a.keyfold']);
}

describe.each([['in place', 300, 'in-place'], ['anew, because its header grows', 0, 'rewritten']] as const)('a file that is rewrapped %s', (_how, padding, written) => {
  const prepare = async (folder: string): Promise<RewrapJob> => await sealedFile(folder, padding);
  // The new header keeps the length of the old one where a key takes the place of another; one more does not fit.
  const job = padding > 0 ? prepare : growing;

  it('is what it should be when nothing happens', async () => {
    const folder = newFolder();
    const { lines } = await run(await job(folder), { log: join(newFolder(), 'log') });
    expect(lines).toEqual([`${written} 1`]);
    await checkAndFinish(folder, await Promise.resolve({ path: join(folder, 'a.keyfold'), ...JOB }));
  });

  it.each(['kill', 'tear'] as const)('is readable after a %s at any step, and the next rewrap leaves nothing of it', async (what) => {
    if (what === 'tear' && padding === 0) {
      // It is written with writev, under another name: there is no write to tear.
      expect((await stepsOf(job)).filter(({ name }) => name === 'write')).toEqual([]);
      return;
    }
    await atEachStep(job, what, async (folder, done) => {
      await checkAndFinish(folder, done);
    });
  });

  it('is readable when any step fails, and the same process finishes it, or another', async () => {
    const twice = async (folder: string): Promise<RewrapJob> => ({ ...(await job(folder)), times: 2 });
    const once = (await stepsOf(job)).length;
    await atEachStep(twice, 'fail', async (folder, done, [first, second], { step, name, path }) => {
      // There is another way to create a record; unfinished ones need not go at once; not every folder can be synced.
      const isOptional = name === 'link' || (name === 'rm' && path.endsWith('.tmp')) || (name === 'sync' && !path.includes('a.keyfold'));
      if (step > once || isOptional) expect(first).toBe(`${written} 1`);
      else expect(first).toMatch(/^file-failed /);
      // Once the key `old` is gone, it opens nothing.
      if (step <= once) expect(second).toMatch(/^(in-place|rewritten|untouched|no-matching-key) /);
      await checkAndFinish(folder, done);
    });
  });
});

describe('a power loss', () => {
  it('loses nothing that counts: the new header is on the disk, by its name, before the old one is touched', async () => {
    const steps = await stepsOf(async (folder) => await sealedFile(folder, 300));
    const shown = steps.map(({ name, path, to }) => `${name} ${nameOf(path)}${to === undefined ? '' : ` -> ${nameOf(to)}`}`);
    const begin = shown.lastIndexOf('open unfinished record');
    expect(shown.slice(begin)).toEqual([
      'open unfinished record',
      'writeFile unfinished record',
      'chmod unfinished record',
      'sync unfinished record',
      'rename unfinished record -> record',
      'sync folder',
      'write file',
      'sync file',
      'rm record',
    ]);
    expect(shown.slice(0, begin).filter((one) => one.endsWith('file') || one.startsWith('rename'))).toEqual([]);
  });

  it('finds the whole new file on the disk before it gets its name', async () => {
    const steps = await stepsOf(growing);
    const shown = steps.map(({ name, path }) => `${name} ${nameOf(path)}`);
    const [written, synced, renamed] = ['writev new file', 'sync new file', 'rename new file'].map((one) => shown.lastIndexOf(one));
    expect([written, synced, renamed].every((index) => (index ?? -1) >= 0)).toBe(true);
    expect((written as number) < (synced as number) && (synced as number) < (renamed as number)).toBe(true);
    expect(shown.indexOf('sync folder', renamed)).toBeGreaterThan(0);
  });

  function nameOf(path: string): string {
    if (path.endsWith('/a.keyfold')) return 'file';
    if (path.endsWith('.keyfold-rewrap')) return 'record';
    if (path.endsWith('.tmp')) return 'unfinished record';
    if (path.endsWith('.new')) return 'new file';
    return 'folder';
  }
});

describe('a process that is killed while it finishes what another left behind', () => {
  it('leaves it to the next one', async () => {
    // The header was half written when the first one was killed.
    const torn = newFolder();
    const job = await sealedFile(torn, 300);
    const header = (await stepsOf(async (folder) => await sealedFile(folder, 300))).find(({ name }) => name === 'write') as Step;
    await run(job, { log: join(newFolder(), 'log'), at: header.step, what: 'tear' });
    const payload = payloads.get(torn) as Uint8Array;
    await expectReadable(job.path, payload, namedKeyring('new'));
    const prepare = async (folder: string): Promise<RewrapJob> => {
      cpSync(torn, folder, { recursive: true });
      payloads.set(folder, payload);
      return await Promise.resolve({ path: join(folder, 'a.keyfold'), opens: 'new', wraps: 'old' });
    };
    for (const what of ['kill', 'tear'] as const) {
      await atEachStep(prepare, what, async (folder, { path }) => {
        await checkAndFinish(folder, { path, ...JOB });
      });
    }
  });
});

describe('a detached header in a file', () => {
  const prepare = async (folder: string): Promise<RewrapJob> => {
    const path = join(folder, 'a.header');
    const { header, payload } = await encryptDetached(plaintext, { keyring: namedKeyring('old'), segmentSize: 4096, headerPadding: 300 });
    payloads.set(folder, payload);
    writeFileSync(path, header);
    return { path, ...JOB };
  };

  it('opens its payload after a kill at any step', async () => {
    await atEachStep(prepare, 'kill', async (folder, { path }) => {
      const payload = payloads.get(folder) as Uint8Array;
      expect(await decryptDetached({ header: readFileSync(path), payload }, { keyring: either })).toEqual(plaintext);
      await rewrapFile(path, { keyring: either, wrapWith: namedKeyring('new'), remove: [{ provider: 'named', keyId: 'old' }] });
      expect(await decryptDetached({ header: readFileSync(path), payload }, { keyring: namedKeyring('new') })).toEqual(plaintext);
      expect(namesIn(folder)).toEqual(['a.header']);
    });
  });
});

describe('a file by another name', () => {
  it('is readable through a link when it was left half written', async () => {
    const [folder, elsewhere] = [newFolder(), newFolder()];
    const job = await sealedFile(folder, 300);
    const link = join(elsewhere, 'link.keyfold');
    symlinkSync(job.path, link);
    const header = (await stepsOf(async (other) => await sealedFile(other, 300))).find(({ name }) => name === 'write') as Step;
    await run({ ...job, path: link }, { log: join(newFolder(), 'log'), at: header.step, what: 'tear' });
    await expectReadable(link, payloads.get(folder) as Uint8Array, namedKeyring('new'));
    await rewrapFile(link, { keyring: namedKeyring('new') });
    expect([namesIn(folder), namesIn(elsewhere)]).toEqual([['a.keyfold'], ['link.keyfold']]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    await expectReadable(link, payloads.get(folder) as Uint8Array, namedKeyring('new'));
  });

  it.each(['x'.repeat(247), '\u{6587}'.repeat(82), 'x'.repeat(180), 'x'.repeat(181)])('is rewrapped and read, however long the name: %s', async (name) => {
    const folder = newFolder();
    const path = join(folder, `${name}.keyfold`.slice(-255));
    const payload = await writeSealed(path);
    const steps = await stepsOf(async (other) => await sealedFile(other, 300));
    const header = steps.find((step) => step.name === 'write') as Step;
    await run({ path, ...JOB }, { log: join(newFolder(), 'log'), at: header.step, what: 'tear' });
    expect(namesIn(folder)).toHaveLength(2);
    await expectReadable(path, payload, namedKeyring('new'));
    await rewrapFile(path, { keyring: either, wrapWith: namedKeyring('another') });
    expect(namesIn(folder)).toHaveLength(1);
    await expectReadable(path, payload, namedKeyring('another'));
  });
});

describe('a file system without hard links', () => {
  it('serves as well', async () => {
    const folder = newFolder();
    const job = await sealedFile(folder, 300);
    const { lines } = await run(job, { log: join(newFolder(), 'log'), what: 'no-links' });
    expect(lines).toEqual(['in-place 1']);
    await checkAndFinish(folder, job);
    expect(existsSync(join(folder, '.a.keyfold.keyfold-rewrap'))).toBe(false);
  });
});
