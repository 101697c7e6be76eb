import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encrypt, inspect, openEnvelope, rewrap, toText } from '../../src/index.js';
import { decryptFile, encryptFile, inspectFile, openFileSource, repairFile, rewrapFile } from '../../src/node.js';
import { isByWriter } from '../../src/file/read-record.js';
import { concat, patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { namesIn, newFolder } from './folders.js';
import { namedKeyring } from './processes/named-keyring.mjs';
import { either, expectReadable, keysIn, plaintext, writeSealed } from './sealed-file.js';

const REPLACE = { keyring: namedKeyring('old'), wrapWith: namedKeyring('new'), remove: [{ provider: 'named', keyId: 'old' }] };
/** A number that no process has: more than any system gives out. */
const NOBODY = 2 ** 30;

interface Interrupted {
  readonly folder: string;
  readonly path: string;
  readonly record: string;
  readonly payload: Uint8Array;
  readonly oldHeader: Uint8Array;
  readonly newHeader: Uint8Array;
}

/** A file and the record of a rewrap that was killed once the new header was decided, before any of it was written. */
async function interrupted(fields: object = {}): Promise<Interrupted> {
  const folder = newFolder();
  const path = join(folder, 'a.keyfold');
  const payload = await writeSealed(path);
  const oldHeader = readFileSync(path).subarray(0, -payload.length);
  const { header: newHeader } = await rewrap(oldHeader, REPLACE);
  const record = join(folder, '.a.keyfold.keyfold-rewrap');
  const own = { host: hostname(), pid: NOBODY, thread: 0, startedAt: Date.now(), token: '0123456789abcdef' };
  writeFileSync(record, JSON.stringify({ ...own, header: toText(newHeader), ...fields }));
  return { folder, path, record, payload, oldHeader, newHeader };
}

describe('a header of which only a part was written', () => {
  it('is read as the record has it, wherever the writing stopped, and is finished by the next rewrap', async () => {
    const { folder, path, record, payload, oldHeader, newHeader } = await interrupted();
    const text = readFileSync(record);
    for (let written = 0; written <= newHeader.length; written += 7) {
      writeFileSync(record, text);
      writeFileSync(path, concat(newHeader.subarray(0, written), oldHeader.subarray(written), payload));
      await expectReadable(path, payload, namedKeyring('new'));
      expect((await inspectFile(path)).revision).toBe(1);
      const result = await rewrapFile(path, { keyring: namedKeyring('new') });
      expect(result).toMatchObject({ written: 'untouched', changed: false, revision: 1 });
      expect(Buffer.compare(readFileSync(path), concat(newHeader, payload))).toBe(0);
      expect(namesIn(folder)).toEqual(['a.keyfold']);
    }
  });

  it('is finished by a repair too, although nothing is pending, unless its writer may be at work', async () => {
    const repairing = { keyring: namedKeyring('new'), members: [namedKeyring('new')] };
    for (const [fields, takeOver, isFinished] of [[{}, false, true], [{ pid: process.ppid }, false, false], [{ pid: process.ppid }, true, true]] as const) {
      const { folder, path, payload, oldHeader, newHeader } = await interrupted(fields);
      writeFileSync(path, concat(newHeader.subarray(0, 100), oldHeader.subarray(100), payload));
      expect(await repairFile(path, { ...repairing, takeOver })).toMatchObject({ written: 'untouched', revision: 1 });
      expect(Buffer.compare(readFileSync(path), concat(newHeader, payload)) === 0).toBe(isFinished);
      expect(namesIn(folder)).toHaveLength(isFinished ? 1 : 2);
    }
  });

  it('is also read so in a dry run, which finishes nothing', async () => {
    const { path, record, oldHeader, newHeader, payload } = await interrupted();
    writeFileSync(path, concat(newHeader.subarray(0, 100), oldHeader.subarray(100), payload));
    const before = [readFileSync(path), readFileSync(record)];
    const result = await rewrapFile(path, { keyring: namedKeyring('new'), wrapWith: namedKeyring('third'), dryRun: true });
    expect(result).toMatchObject({ written: 'untouched', changed: true, revision: 2 });
    expect([readFileSync(path), readFileSync(record)]).toEqual(before);
  });

  it('does not disturb whoever opened the file before, and reads it later', async () => {
    const { folder, path, payload, oldHeader } = await interrupted();
    const { newHeader, record } = await interrupted();
    const source = await openFileSource(path);
    // Another process has begun since, and was killed in the middle.
    writeFileSync(join(folder, '.a.keyfold.keyfold-rewrap'), readFileSync(record));
    writeFileSync(path, concat(oldHeader.subarray(0, 60), newHeader.subarray(60, 150), oldHeader.subarray(150), payload));
    const reader = await openEnvelope(source, { keyring: either });
    expect(await reader.read(0)).toEqual(plaintext);
    reader.close();
    await source.close();
  });
});

describe('a record that is not about this file any more', () => {
  it('is left aside by readers, and removed by the next rewrap', async () => {
    const { folder, path } = await interrupted();
    // Somebody has replaced the file by another message.
    const payload = await writeSealed(path);
    await expectReadable(path, payload, namedKeyring('old'));
    expect((await rewrapFile(path, { keyring: namedKeyring('old') })).written).toBe('untouched');
    expect(namesIn(folder)).toEqual(['a.keyfold']);
    await expectReadable(path, payload, namedKeyring('old'));
  });

  it('is left aside where the header has another length now', async () => {
    const { path, oldHeader, payload } = await interrupted();
    const longer = await rewrap(oldHeader, { keyring: namedKeyring('old'), wrapWith: namedKeyring('third'), headerPadding: 2000, refresh: true });
    const more = await rewrap(longer.header, { keyring: namedKeyring('old'), wrapWith: namedKeyring('x'.repeat(400)), headerPadding: 5000 });
    expect(more.header.length).toBeGreaterThan(oldHeader.length);
    writeFileSync(path, concat(more.header, payload));
    await expectReadable(path, payload, namedKeyring('third'));
    await rewrapFile(path, { keyring: namedKeyring('third') });
    expect(inspect(readFileSync(path)).revision).toBe(2);
  });

  it('is left aside where the file is cut off within its header', async () => {
    const { path, oldHeader } = await interrupted();
    writeFileSync(path, oldHeader.subarray(0, 100));
    await failure(inspectFile(path), 'truncated');
    await failure(rewrapFile(path, REPLACE), 'truncated');
    expect(readFileSync(path)).toEqual(oldHeader.subarray(0, 100));
  });

  it('and where the file is gone, is removed when there is one again', async () => {
    const { folder, path, record } = await interrupted();
    const text = readFileSync(record);
    await failure(rewrapFile(join(folder, 'b.keyfold'), REPLACE), 'file-failed');
    expect(namesIn(folder)).toEqual(['.a.keyfold.keyfold-rewrap', 'a.keyfold']);
    writeFileSync(record, text);
    await writeSealed(path);
    await rewrapFile(path, REPLACE);
    expect(namesIn(folder)).toEqual(['a.keyfold']);
  });
});

describe('a record that makes no sense', () => {
  it.each(['{', '{}', 'null', '[]', '"text"', '{"host":"a","pid":1}', '\0\0\0\0'])('is named, and nothing is guessed: %j', async (text) => {
    const { path, record } = await interrupted();
    writeFileSync(record, text);
    const before = readFileSync(path);
    const openings = [inspectFile, openFileSource, async (file: string) => await rewrapFile(file, { ...REPLACE, takeOver: true })];
    for (const open of openings) {
      const error = await failure(open(path) as Promise<unknown>, 'file-failed');
      expect(error.details).toEqual({ path: record, operation: 'understand' });
      expect(error.message).toContain('delete it if the envelope beside it opens then');
    }
    expect(readFileSync(path)).toEqual(before);
  });

  it('with a token that is a path, is named too', async () => {
    const { path } = await interrupted({ token: '../../etc/passwd' });
    await failure(rewrapFile(path, REPLACE), 'file-failed');
  });

  it('with a header that is none, fails the reader rather than mislead it', async () => {
    const { path } = await interrupted({ header: 'keyfold1h.AAAA' });
    await failure(inspectFile(path), 'malformed');
  });

  it('and is empty, has just been created: readers go on, and others wait', async () => {
    const { path, record, payload } = await interrupted();
    writeFileSync(record, '');
    await expectReadable(path, payload, namedKeyring('old'));
    const error = await failure(rewrapFile(path, REPLACE), 'file-busy');
    expect(error.details).toMatchObject({ host: 'unknown' });
    await rewrapFile(path, { ...REPLACE, takeOver: true });
    expect(keysIn(path)).toEqual(['new']);
  });
});

describe('what lies in the place of a record and is none', () => {
  it.each([
    ['a pipe', (record: string) => { execFileSync('mkfifo', [record]); }],
    ['a link, even to a record', (record: string) => { renameSync(record, `${record}.other`); symlinkSync(`${record}.other`, record); }],
    ['a folder', (record: string) => { rmSync(record); mkdirSync(record); }],
  ])('%s: is neither waited for nor believed, and holds off a rewrap', async (_what, put) => {
    const { path, record, payload } = await interrupted();
    if (_what === 'a pipe') rmSync(record);
    put(record);
    await expectReadable(path, payload, namedKeyring('old'));
    const before = readFileSync(path);
    expect((await failure(rewrapFile(path, REPLACE), 'file-busy')).details).toMatchObject({ host: 'unknown' });
    expect(readFileSync(path)).toEqual(before);
  });

  it('a record is believed if it is by who may write the file: its owner, the administrator, oneself, or whom its mode lets', () => {
    const [owner, other, self, group, others] = [1000, 2000, 3000, 50, 60];
    const allows = (mode: number, uid: number, gid: number): boolean => isByWriter({ uid, gid, mode: 0o600 }, { uid: owner, gid: group, mode }, self);
    for (const mode of [0o100600, 0o100644, 0o100444]) {
      for (const uid of [owner, 0, self]) expect(allows(mode, uid, others)).toBe(true);
      for (const gid of [group, others]) expect(allows(mode, other, gid)).toBe(false);
    }
    expect([allows(0o100664, other, group), allows(0o100664, other, others)]).toEqual([true, false]);
    expect(allows(0o100606, other, others)).toBe(true);
    expect(isByWriter({ uid: other, gid: group, mode: 0 }, { uid: owner, gid: group, mode: 0o644 }, undefined)).toBe(false);
  });

  it('one by somebody else is left aside, where this process may give it away', async () => {
    const { folder, path, record, payload } = await interrupted();
    const isAdministrator = process.geteuid?.() === 0;
    if (isAdministrator) chownSync(record, 4242, 4242);
    await expectReadable(path, payload, namedKeyring(isAdministrator ? 'old' : 'new'));
    if (isAdministrator) await failure(rewrapFile(path, REPLACE), 'file-busy');
    expect(namesIn(folder)).toHaveLength(2);
  });
});

describe('what a process may be at work on is left to it', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['one on another host', { host: 'elsewhere' }],
    ['one of this host that runs', { pid: process.ppid }],
    ['another thread of this process', { pid: process.pid, thread: 99 }],
  ];

  it.each(cases)('%s: file-busy, and reading goes on', async (_who, fields) => {
    const { folder, path, payload } = await interrupted(fields);
    const before = readFileSync(path);
    const error = await failure(rewrapFile(path, { keyring: either, wrapWith: namedKeyring('third') }), 'file-busy');
    expect(error.details).toMatchObject({ path, ...(error.details.host === 'elsewhere' ? { pid: NOBODY } : { host: hostname() }) });
    expect(error.message).toContain(`process ${error.details.pid} on ${error.details.host}`);
    expect(readFileSync(path)).toEqual(before);
    expect(namesIn(folder)).toHaveLength(2);
    await expectReadable(path, payload, namedKeyring('new'));
  });

  it.each(cases)('%s, and is gone for good: whoever takes over finishes it first', async (_who, fields) => {
    const { folder, path, payload } = await interrupted(fields);
    const result = await rewrapFile(path, { keyring: namedKeyring('new'), wrapWith: namedKeyring('third'), takeOver: true });
    expect(result).toMatchObject({ written: 'in-place', revision: 2 });
    expect(keysIn(path)).toEqual(['new', 'third']);
    expect(namesIn(folder)).toEqual(['a.keyfold']);
    await expectReadable(path, payload, namedKeyring('third'));
  });

  it.each<[string, object]>([
    ['a process that has ended', {}],
    ['a process from before the machine was started', { pid: process.ppid, startedAt: 0 }],
    ['this very thread, after a failed write', { pid: process.pid, thread: 0 }],
  ])('but not %s', async (_who, fields) => {
    const { folder, path, payload } = await interrupted(fields);
    await rewrapFile(path, { keyring: namedKeyring('new'), wrapWith: namedKeyring('third') });
    expect(namesIn(folder)).toEqual(['a.keyfold']);
    await expectReadable(path, payload, namedKeyring('third'));
  });

  it('nor claims of processes that died while they took over from one that died', async () => {
    const { folder, path, record, payload } = await interrupted({ token: 'aaaaaaaaaaaaaaaa' });
    const dead = { host: hostname(), pid: NOBODY, thread: 0, startedAt: Date.now() };
    writeFileSync(`${record}.aaaaaaaaaaaaaaaa`, JSON.stringify({ ...dead, token: 'bbbbbbbbbbbbbbbb' }));
    writeFileSync(`${record}.bbbbbbbbbbbbbbbb`, JSON.stringify({ ...dead, token: 'cccccccccccccccc' }));
    writeFileSync(`${record}.cccccccccccccccc.tmp`, '{"ho');
    writeFileSync(`${record}.new`, 'half of a file');
    await rewrapFile(path, { keyring: namedKeyring('new'), wrapWith: namedKeyring('third') });
    expect(namesIn(folder)).toEqual(['a.keyfold']);
    await expectReadable(path, payload, namedKeyring('third'));
  });

  it('but a claim of a process that lives is respected', async () => {
    const { path, record } = await interrupted({ token: 'aaaaaaaaaaaaaaaa' });
    const alive = { host: hostname(), pid: process.ppid, thread: 0, startedAt: Date.now(), token: 'bbbbbbbbbbbbbbbb' };
    writeFileSync(`${record}.aaaaaaaaaaaaaaaa`, JSON.stringify(alive));
    expect((await failure(rewrapFile(path, REPLACE), 'file-busy')).details.pid).toBe(process.ppid);
  });

  it('and files that only look alike are not touched', async () => {
    const { folder, path } = await interrupted();
    const names = ['.a.keyfold.keyfold-rewrap.notes', '.a.keyfold.keyfold-rewrap.0123456789abcdef.keyfold-rewrap', '.a.keyfold.0123456789ab.keyfold-tmp'];
    for (const name of names) writeFileSync(join(folder, name), 'somebody’s');
    await rewrapFile(path, { keyring: either, wrapWith: namedKeyring('third') });
    expect(namesIn(folder)).toEqual([...names, 'a.keyfold'].sort());
  });
});

describe('the record of a rewrap that is under way', () => {
  it('can be read by those who can read the file, and holds others off in the same process', async () => {
    const folder = newFolder();
    const path = join(folder, 'a.keyfold');
    await writeSealed(path);
    for (const mode of [0o600, 0o644, 0o640, 0o444]) {
      chmodSync(path, mode);
      let seen: number | undefined;
      const keyring = namedKeyring('old');
      const watching = { ...keyring, unwrap: async (request: Parameters<typeof keyring.unwrap>[0]) => {
        seen ??= statSync(join(folder, '.a.keyfold.keyfold-rewrap')).mode & 0o777;
        expect((await failure(rewrapFile(path, REPLACE), 'file-busy')).details).toEqual({ path, host: hostname(), pid: process.pid });
        return await keyring.unwrap(request);
      } };
      await rewrapFile(path, { keyring: watching, wrapWith: keyring, refresh: true });
      expect(seen).toBe(mode);
      expect(statSync(path).mode & 0o777).toBe(mode);
      expect(namesIn(folder)).toEqual(['a.keyfold']);
    }
  });

  it('is not looked for beside what is only encrypted: a plaintext is taken as it is', async () => {
    const { path } = await interrupted();
    const folder = newFolder();
    const bytes = readFileSync(path);
    await encryptFile(path, join(folder, 'twice'), { keyring: either });
    await decryptFile(join(folder, 'twice'), join(folder, 'once'), { keyring: either });
    expect(readFileSync(join(folder, 'once'))).toEqual(bytes);
  });
});

describe('a payload without a header', () => {
  it('is no envelope to rewrap, and is left alone', async () => {
    const folder = newFolder();
    const path = join(folder, 'plain');
    writeFileSync(path, patterned(1000));
    await failure(rewrapFile(path, REPLACE), 'malformed');
    expect(readFileSync(path)).toEqual(Buffer.from(patterned(1000)));
    expect(namesIn(folder)).toEqual(['plain']);
    writeFileSync(path, (await encrypt(plaintext, { keyring: either })).subarray(0, -plaintext.length - 32 - 8));
    await failure(rewrapFile(path, REPLACE), 'truncated');
  });
});
