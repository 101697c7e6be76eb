import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEnvelope } from '../../src/index.js';
import { decryptFile, inspectFile, openFileSource, rewrapFile } from '../../src/node.js';
import { cases } from '../support/cases.js';
import { namesIn, newFolder } from './folders.js';
import { startRewrapping } from './processes/child.js';
import type { RewrapJob } from './processes/child.js';
import { namedKeyring } from './processes/named-keyring.mjs';
import { expectPayload, expectReadable, plaintext, writeSealed } from './sealed-file.js';

const keyring = namedKeyring('old');
/** Wraps the same key again, so that every time counts: the revision grows by one. */
const AGAIN = { opens: 'old', wraps: 'old', options: { refresh: true } } as const;

/** The revisions that processes said they wrote, in no order; anything else that they said must be that the file was busy. */
function revisionsIn(lines: readonly string[]): number[] {
  const revisions: number[] = [];
  for (const line of lines) {
    const [, revision] = /^(?:in-place|rewritten) (\d+)$/.exec(line) ?? [];
    if (revision === undefined) expect(line).toMatch(/^file-busy .* is being rewrapped by process \d+ on /);
    else revisions.push(Number(revision));
  }
  return revisions;
}

/** Reads the file again and again in every way, as somebody who has nothing to do with the rewraps, until they have ended. */
async function readUntil(ended: Promise<unknown>, path: string, payload: Uint8Array): Promise<void> {
  const state = { isOver: false };
  const over = ended.finally(() => { state.isOver = true; });
  let revision = 0;
  const target = join(newFolder(), 'opened');
  while (!state.isOver) {
    const infos = [await inspectFile(path), await decryptFile(path, target, { keyring, overwrite: true })];
    expect(Buffer.compare(readFileSync(target), plaintext)).toBe(0);
    const source = await openFileSource(path);
    const reader = await openEnvelope(source, { keyring });
    infos.push(reader.info);
    expect(Buffer.compare(await reader.read(5000, 10), plaintext.subarray(5000, 5010))).toBe(0);
    reader.close();
    await source.close();
    // Who reads later never sees less than who read before.
    for (const info of infos) {
      expect(info.revision).toBeGreaterThanOrEqual(revision);
      ({ revision } = info);
    }
    expectPayload(path, payload);
  }
  await over;
}

describe('processes that rewrap one file at the same time', () => {
  it.each([['in place', 300], ['first anew, then in place', 0]])('%s: each change counts, none is lost, and readers never notice', async (_how, padding) => {
    const folder = newFolder();
    const path = join(folder, 'a.keyfold');
    const payload = await writeSealed(path, padding);
    // Where there is no room, one adds a key that the other takes away again.
    const jobs: RewrapJob[] =
      padding > 0
        ? [{ path, ...AGAIN }, { path, ...AGAIN }, { path, ...AGAIN }]
        : [{ path, opens: 'old', wraps: 'more' }, { path, opens: 'old', removes: 'more', options: { headerPadding: 3 } }];
    const times = cases(200, 40);
    const processes = jobs.map((job) => startRewrapping({ ...job, times }));
    const ended = Promise.all(processes.map(async (process) => await process.ended));
    await readUntil(ended, path, payload);
    const lines = (await ended).flatMap((process) => process.lines);
    expect(lines).toHaveLength(jobs.length * times);
    const revisions = revisionsIn(lines.filter((line) => !line.startsWith('untouched')));
    // Each number once, from 1 on: nobody overwrote what another had written.
    expect(revisions.sort((a, b) => a - b)).toEqual(Array.from({ length: revisions.length }, (_, i) => i + 1));
    expect((await expectReadable(path, payload, keyring)).revision).toBe(revisions.length);
    expect(namesIn(folder)).toEqual(['a.keyfold']);
  });

  it('and are killed at any moment: others finish what they began, and nothing is lost', async () => {
    const folder = newFolder();
    const path = join(folder, 'a.keyfold');
    const payload = await writeSealed(path);
    let confirmed: number[] = [];
    let kills = 0;
    const rounds = cases(40, 6);
    /** One after the other, processes that are killed a while after they began. */
    const killed = async (): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        const { process, ended } = startRewrapping({ path, ...AGAIN, times: 1e6 });
        // Past its start, which takes the longest, at any moment of the many rewraps that follow.
        await new Promise((resolve) => process.stdout?.once('data', resolve));
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
        process.kill('SIGKILL');
        kills++;
        confirmed = confirmed.concat(revisionsIn((await ended).lines.slice(0, -1)));
      }
    };
    await readUntil(Promise.all([killed(), killed()]), path, payload);
    const { revision } = await rewrapFile(path, { keyring });
    expect(new Set(confirmed).size).toBe(confirmed.length);
    expect(Math.max(...confirmed)).toBeLessThanOrEqual(revision);
    // One that was killed may have written without having said so: of its last line, or of one more after it.
    expect(revision - confirmed.length).toBeLessThanOrEqual(2 * kills);
    expect(namesIn(folder)).toEqual(['a.keyfold']);
    expect((await inspectFile(path)).revision).toBe(revision);
    await expectReadable(path, payload, keyring);
  });
});
