import { closeSync, linkSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encrypt, encryptDetached, inspect } from '../../src/index.js';
import type { Keyring } from '../../src/index.js';
import { rewrapFile } from '../../src/node.js';
import { concat, flipped, patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { Gate, never, until } from '../support/gate.js';
import { namesIn, newFolder, stepsIn } from './folders.js';
import { startRewrapping } from './processes/child.js';
import { namedKeyring } from './processes/named-keyring.mjs';
import { either, expectPayload, expectReadable, keysIn, plaintext, writeSealed } from './sealed-file.js';

const [old, next] = [namedKeyring('old'), namedKeyring('new')];
const REMOVE_OLD = [{ provider: 'named', keyId: 'old' }];

async function sealed(headerPadding = 300): Promise<{ readonly folder: string; readonly path: string; readonly payload: Uint8Array }> {
  const folder = newFolder();
  const path = join(folder, 'a.keyfold');
  return { folder, path, payload: await writeSealed(path, headerPadding) };
}

/** A keyring that does something before it unwraps for the first time. */
function interrupting(keyring: Keyring, act: () => void | Promise<void>): Keyring {
  let acted = false;
  return {
    ...keyring,
    unwrap: async (request) => {
      if (!acted) await act();
      acted = true;
      return await keyring.unwrap(request);
    },
  };
}

describe('rewrapFile', () => {
  it('writes the header alone where it keeps its length', async () => {
    const { folder, path, payload } = await sealed();
    const { size, ino } = statSync(path);
    const result = await rewrapFile(path, { keyring: old, wrapWith: next, remove: REMOVE_OLD });
    expect(result).toMatchObject({ written: 'in-place', changed: true, revision: 1 });
    expect(result.changes.map(({ change, key }) => [change, key.keyId])).toEqual([['added', 'new'], ['removed', 'old']]);
    expect(statSync(path)).toMatchObject({ size, ino });
    expect(keysIn(path)).toEqual(['new']);
    expect((await expectReadable(path, payload, next)).revision).toBe(1);
    expect(namesIn(folder)).toEqual(['a.keyfold']);
  });

  it('writes the file anew where it does not', async () => {
    const { folder, path, payload } = await sealed(0);
    const result = await rewrapFile(path, { keyring: old, wrapWith: next, headerPadding: 500 });
    expect(result).toMatchObject({ written: 'rewritten', changed: true });
    await expectReadable(path, payload, next);
    expect((await rewrapFile(path, { keyring: next, wrapWith: namedKeyring('third') })).written).toBe('in-place');
    await expectReadable(path, payload, namedKeyring('third'));
    expect(namesIn(folder)).toEqual(['a.keyfold']);
  });

  it('writes nothing where nothing changes', async () => {
    const { path } = await sealed();
    const [bytes, { mtimeMs }] = [readFileSync(path), statSync(path)];
    const result = await rewrapFile(path, { keyring: old, wrapWith: old });
    expect(result).toMatchObject({ written: 'untouched', changed: false, revision: 0 });
    expect([readFileSync(path), statSync(path).mtimeMs]).toEqual([bytes, mtimeMs]);
  });

  it('tells what would change in a dry run, with every proof, and writes nothing', async () => {
    const { folder, path } = await sealed();
    const bytes = readFileSync(path);
    const watching = interrupting(next, () => {
      expect(namesIn(folder)).toEqual(['a.keyfold']);
    });
    const result = await rewrapFile(path, { keyring: old, wrapWith: watching, dryRun: true });
    expect(result).toMatchObject({ written: 'untouched', changed: true, revision: 1 });
    expect(result.changes.map(({ change, proven }) => [change, proven])).toEqual([['added', true], ['kept', true]]);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('takes a file: URL, and the path of a link', async () => {
    const { path, payload } = await sealed();
    await rewrapFile(pathToFileURL(path), { keyring: old, wrapWith: next });
    await expectReadable(path, payload, next);
  });

  it('rewraps a detached header in a file', async () => {
    const folder = newFolder();
    const path = join(folder, 'a.header');
    const { header } = await encryptDetached(plaintext, { keyring: old, headerPadding: 300 });
    writeFileSync(path, header);
    const result = await rewrapFile(path, { keyring: old, wrapWith: next, remove: REMOVE_OLD });
    expect(result.written).toBe('rewritten');
    expect(inspect(readFileSync(path)).wrappedKeys.map(({ keyId }) => keyId)).toEqual(['new']);
    expect(namesIn(folder)).toEqual(['a.header']);
  });

  it('refuses what it refuses, and leaves the file as it is', async () => {
    const { folder, path, payload } = await sealed();
    const bytes = readFileSync(path);
    const other = await encrypt(plaintext, { keyring: old, segmentSize: 4096 });
    const cases: readonly (readonly [string, Parameters<typeof rewrapFile>[1], Uint8Array?])[] = [
      ['rewrap-refused', { keyring: old, remove: REMOVE_OLD }],
      ['rewrap-refused', { keyring: old, minimumRevision: 1 }],
      ['no-matching-key', { keyring: next }],
      ['wrap-failed', { keyring: old, wrapWith: { ...next, wrap: async () => await Promise.reject(new Error('down')) } }],
      ['unwrap-failed', { keyring: old }, flipped(bytes, bytes.length - payload.length - 1)],
      ['malformed', { keyring: old }, patterned(500)],
      ['truncated', { keyring: old }, bytes.subarray(0, 8)],
      ['truncated', { keyring: old }, bytes.subarray(0, bytes.length - payload.length - 1)],
      ['truncated', { keyring: old }, bytes.subarray(0, bytes.length - payload.length + 15)],
      ['payload-mismatch', { keyring: old }, concat(bytes.subarray(0, bytes.length - payload.length), other.subarray(-payload.length))],
      ['malformed', { keyring: old }, new Uint8Array([...Buffer.from('KEYFOLD'), 1, 0, 0, 0, 5, 9])],
    ];
    for (const [code, options, content = bytes] of cases) {
      writeFileSync(path, content);
      await failure(rewrapFile(path, options), code as 'malformed');
      await failure(rewrapFile(path, { ...options, dryRun: true }), code as 'malformed');
      expect(Buffer.compare(readFileSync(path), content)).toBe(0);
      expect(namesIn(folder)).toEqual(['a.keyfold']);
    }
  });

  it('refuses what is no file to rewrap', async () => {
    const folder = newFolder();
    expect((await failure(rewrapFile(join(folder, 'none'), { keyring: old }), 'file-failed')).cause).toMatchObject({ code: 'ENOENT' });
    expect((await failure(rewrapFile(folder, { keyring: old }), 'invalid-argument')).details).toEqual({ argument: 'path' });
    expect((await failure(rewrapFile('', { keyring: old }), 'invalid-argument')).details).toEqual({ argument: 'path' });
    const { path } = await sealed();
    for (const name of ['dryRun', 'takeOver']) {
      const error = await failure(rewrapFile(path, { keyring: old, [name]: 'false' }), 'invalid-argument');
      expect(error.details).toEqual({ argument: `options.${name}` });
    }
  });
});

describe('a large file', () => {
  it.each([[5 * 2 ** 30, 300], [5 * 2 ** 30, 60_000]])('of %i bytes is rewrapped in place by writing less than 64 KiB', async (size, padding) => {
    const { folder, path } = await sealed(padding);
    // The rest of the payload is a hole: nobody reads it.
    truncateSync(path, size);
    const { blocks } = statSync(path);
    const beginning = headOf(path, 70_000);
    const log = join(newFolder(), 'log');
    const { lines } = await startRewrapping({ path, opens: 'old', wraps: 'new', removes: 'old' }, { log }).ended;
    expect(lines).toEqual(['in-place 1']);
    const written = stepsIn(log).reduce((sum, { path: at, bytes = 0 }) => sum + (at === path ? bytes : 0), 0);
    expect(written).toBeLessThan(65_536);
    expect(stepsIn(log).reduce((sum, { bytes = 0 }) => sum + bytes, 0)).toBeLessThan(padding === 300 ? 4096 : 200_000);
    expect(statSync(path)).toMatchObject({ size, blocks });
    const { headerLength } = inspect(beginning, { payloadLength: 0 });
    expect(Buffer.compare(headOf(path, 70_000).subarray(headerLength), beginning.subarray(headerLength))).toBe(0);
    expect(inspect(headOf(path, headerLength)).wrappedKeys.map(({ keyId }) => keyId)).toEqual(['new']);
    expect(namesIn(folder)).toEqual(['a.keyfold']);
    rmSync(path);
  });

  function headOf(path: string, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    const file = openSync(path, 'r');
    try {
      expect(readSync(file, bytes, 0, length, 0)).toBe(length);
      return bytes;
    } finally {
      closeSync(file);
    }
  }
});

describe('somebody else who writes the file while a keyring is busy', () => {
  const another = encrypt(patterned(500), { keyring: old, segmentSize: 4096, headerPadding: 300 });
  it.each([['in place', 300], ['anew', 0]])('loses nothing when the header is written %s', async (_how, padding) => {
    for (const act of [
      // Another message in its place, another file under its name, more bytes behind its own.
      async (path: string) => { writeFileSync(path, await another); },
      async (path: string) => { writeFileSync(`${path}.tmp`, await another); renameSync(`${path}.tmp`, path); },
      async (path: string) => { writeFileSync(path, concat(readFileSync(path), patterned(1))); await Promise.resolve(); },
    ]) {
      const { folder, path } = await sealed(padding);
      let theirs: Buffer | undefined;
      const busy = interrupting(old, async () => {
        await act(path);
        theirs = readFileSync(path);
      });
      const error = await failure(rewrapFile(path, { keyring: busy, wrapWith: next }), 'file-failed');
      expect(error.message).toContain('somebody else has changed it meanwhile');
      expect(Buffer.compare(readFileSync(path), theirs ?? Buffer.alloc(0))).toBe(0);
      expect(namesIn(folder)).toEqual(['a.keyfold']);
    }
  });

  it('is told so also when the file is gone', async () => {
    const { folder, path } = await sealed();
    const busy = interrupting(old, () => {
      rmSync(path);
    });
    await failure(rewrapFile(path, { keyring: busy, wrapWith: next }), 'file-failed');
    expect(namesIn(folder)).toEqual([]);
  });

  it('may be one who took over: then nothing is written', async () => {
    const { path, payload } = await sealed();
    const record = join(path, '..', '.a.keyfold.keyfold-rewrap');
    const busy = interrupting(old, () => {
      const theirs = { ...(JSON.parse(readFileSync(record, 'utf8')) as object), token: 'ffffffffffffffff', host: 'elsewhere' };
      writeFileSync(record, JSON.stringify(theirs));
    });
    expect((await failure(rewrapFile(path, { keyring: busy, wrapWith: next }), 'file-busy')).details.host).toBe('elsewhere');
    expect(keysIn(path)).toEqual(['old']);
    expect(readFileSync(record, 'utf8')).toContain('ffffffffffffffff');
    await expectReadable(path, payload, old);
  });
});

describe('a file with two names', () => {
  it('is rewrapped under both where only its header is written', async () => {
    const { folder, path, payload } = await sealed();
    linkSync(path, join(folder, 'b.keyfold'));
    await rewrapFile(path, { keyring: old, wrapWith: next, remove: REMOVE_OLD });
    await expectReadable(join(folder, 'b.keyfold'), payload, next);
  });
});

describe('a signal', () => {
  it('that has fired before leaves everything as it is', async () => {
    const { folder, path } = await sealed();
    const bytes = readFileSync(path);
    await failure(rewrapFile(path, { keyring: old, wrapWith: next, signal: AbortSignal.abort() }), 'aborted');
    expect([readFileSync(path), namesIn(folder)]).toEqual([bytes, ['a.keyfold']]);
  });

  it('ends it while a keyring hangs, and gives the lock back', async () => {
    const { folder, path } = await sealed();
    const controller = new AbortController();
    let isAsked = false;
    const hanging: Keyring = { ...old, unwrap: async () => { isAsked = true; return await never(); } };
    const running = rewrapFile(path, { keyring: hanging, wrapWith: next, signal: controller.signal });
    await until(() => isAsked);
    controller.abort();
    await failure(running, 'aborted');
    expect(namesIn(folder)).toEqual(['a.keyfold']);
    expect((await rewrapFile(path, { keyring: old, wrapWith: next })).written).toBe('in-place');
  });

  it('ends it while a large file is written anew, and leaves the old one and nothing else', async () => {
    const folder = newFolder();
    const path = join(folder, 'a.keyfold');
    writeFileSync(path, await encrypt(patterned(30 << 20), { keyring: old }));
    const { size, ino } = statSync(path);
    const controller = new AbortController();
    const running = failure(rewrapFile(path, { keyring: old, wrapWith: next, signal: controller.signal }), 'aborted');
    await until(() => namesIn(folder).some((name) => name.endsWith('.new')));
    controller.abort();
    await running;
    expect(namesIn(folder)).toEqual(['a.keyfold']);
    expect(statSync(path)).toMatchObject({ size, ino });
  });
});

describe('two rewraps of one file in one process', () => {
  it('do not get into each other’s way: the second is told that the file is busy', async () => {
    const { path, payload } = await sealed();
    const gate = new Gate();
    let isAsked = false;
    const slow = interrupting(old, async () => { isAsked = true; await gate.opened; });
    const first = rewrapFile(path, { keyring: slow, wrapWith: next });
    await until(() => isAsked);
    await failure(rewrapFile(path, { keyring: old, wrapWith: namedKeyring('third') }), 'file-busy');
    gate.open();
    expect((await first).written).toBe('in-place');
    expect((await rewrapFile(path, { keyring: old, wrapWith: namedKeyring('third') })).revision).toBe(2);
    expectPayload(path, payload);
    await expectReadable(path, payload, either);
  });
});
