import { encryptDetached, multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { decryptFile, inspectFile } from '@keyfold/core/node';
import { rawAesKeyring } from '@keyfold/local-raw';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { at, finished, start, environment } from './support/keyfold.js';
import type { Finished } from './support/keyfold.js';

/** Counts the operations that change the disk, and ends the process at one of them: see there. */
const COUNTER = new URL('../../core/test/file-rewrap/processes/step-counter.mjs', import.meta.url).href;
/** Every which step is tried. */
const EVERY = process.env['KEYFOLD_CI'] === '1' ? 1 : 4;

const keys = { a: randomBytes(32), b: randomBytes(32) };
const keyring = (name: 'a' | 'b'): Keyring => rawAesKeyring({ name, key: keys[name] });
const down: Keyring = { ...keyring('b'), wrap: async () => await Promise.reject(new Error('It is down.')) };
const plaintext = randomBytes(9000);
/** Where there is room in the header, it is changed in place; where not, the file is written anew. */
const FILES = { roomy: 600, tight: 0, apart: 600 } as const;

interface Written {
  readonly cwd: string;
  readonly payloads: ReadonlyMap<string, Uint8Array>;
}

/** A folder with envelopes that wait for the key `b`, one of them a header whose payload lies elsewhere. */
async function prepare(name: string): Promise<Written> {
  const cwd = at(name);
  mkdirSync(join(cwd, 'vault'), { recursive: true });
  for (const [key, bytes] of Object.entries(keys)) writeFileSync(join(cwd, `${key}.key`), bytes);
  const payloads = new Map<string, Uint8Array>();
  const writing = multiKeyring({ members: [keyring('a'), down], write: { minimum: 1, patience: 1000 } });
  for (const [file, headerPadding] of Object.entries(FILES)) {
    const { header, payload } = await encryptDetached(plaintext, { keyring: writing, segmentSize: 4096, headerPadding });
    payloads.set(file, payload);
    writeFileSync(join(cwd, 'vault', file), file === 'apart' ? header : Buffer.concat([header, payload]));
  }
  writeFileSync(join(cwd, 'payload'), payloads.get('apart') as Uint8Array);
  return { cwd, payloads };
}

async function repair(cwd: string, steps: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const args = ['repair', '-k', 'local-raw:a.key#a', '-k', 'local-raw:b.key#b', '--concurrency', '1', '--checkpoint', 'log', 'vault'];
  const preload = Object.keys(steps).length === 0 ? {} : { NODE_OPTIONS: `--import=${COUNTER}` };
  return await finished(start(args, { cwd, env: environment({ ...preload, ...steps }) }));
}

/** The names of the keys that open each file, every one of which was tried, and that each still holds its very payload. */
async function opened({ cwd, payloads }: Written): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [file, payload] of payloads) {
    const path = join(cwd, 'vault', file);
    const apart = file === 'apart';
    const pending = (await inspectFile(path)).wrappedKeys.filter((key) => key.pending).map(({ keyId }) => keyId);
    for (const name of ['a', 'b'] as const) {
      if (pending.includes(name)) continue;
      const target = join(cwd, 'opened');
      await decryptFile(apart ? join(cwd, 'payload') : path, target, { keyring: keyring(name), overwrite: true, ...(apart ? { header: path } : {}) });
      expect(Buffer.compare(readFileSync(target), plaintext)).toBe(0);
      rmSync(target);
      result[file] = (result[file] ?? '') + name;
    }
    if (!apart) expect(Buffer.compare(readFileSync(path).subarray(-payload.length), payload)).toBe(0);
  }
  return result;
}

async function stepsOf(): Promise<string[]> {
  const { cwd } = await prepare('counted');
  expect((await repair(cwd, { STEPS_LOG: at('steps') })).code).toBe(0);
  return readFileSync(at('steps'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { readonly name: string }).name);
}

describe('keyfold repair, killed', () => {
  test.each(['kill', 'tear'])('at any step (%s): every file opens as before or as after, and the next run finishes it all', async (what) => {
    const steps = await stepsOf();
    const tried = steps.flatMap((name, i) => (what === 'tear' ? name === 'write' : i % EVERY === 0) ? [i + 1] : []);
    expect(tried).not.toHaveLength(0);
    const seen = new Set<string>();
    const work = tried.values();
    const worker = async (): Promise<void> => {
      for (const step of work) {
        const written = await prepare(String(step));
        const { signal } = await repair(written.cwd, { STEPS_LOG: '/dev/null', STEPS_AT: String(step), STEPS_DO: what });
        expect(signal).toBe('SIGKILL');
        const by = await opened(written);
        for (const names of Object.values(by)) expect(['a', 'ab']).toContain(names);
        seen.add(Object.values(by).join(' '));

        const again = await repair(written.cwd);
        expect([again.stderr, again.code]).toEqual(['', 0]);
        expect(await opened(written)).toEqual({ roomy: 'ab', tight: 'ab', apart: 'ab' });
        // Nothing is left beside the files, and the checkpoint has served. It may have been killed before that had its name.
        expect(readdirSync(join(written.cwd, 'vault')).sort()).toEqual(['apart', 'roomy', 'tight']);
        const left = readdirSync(written.cwd).filter((name) => !/^\.log\..*\.keyfold-tmp$/.test(name));
        expect(left.sort()).toEqual(['a.key', 'b.key', 'payload', 'vault']);
      }
    };
    await Promise.all([worker(), worker()]);
    // They were killed before and behind each of the files.
    if (what === 'kill') expect(seen.size).toBe(4);
  });
});
