import { appendFile, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encrypt, encryptDetached, inspect } from '../../src/index.js';
import { inspectFile } from '../../src/node.js';
import { largestAllocation } from '../support/allocations.js';
import { flipped, patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { openFilesIn } from '../support/open-handles.js';
import { rawHeader } from '../support/raw-header.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';

const folder = new TempFolder();
const keyring = new TestKeyring();

describe('inspectFile', () => {
  it('tells of a file what inspect tells of its bytes', async () => {
    for (const length of [0, 1, 131_072, 131_073, 300_000]) {
      const envelope = await encrypt(patterned(length), { keyring, context: { a: 'b' } });
      await writeFile(folder.at('sealed'), envelope);
      expect(await inspectFile(folder.at('sealed'))).toEqual(inspect(envelope));
      expect(await inspectFile(pathToFileURL(folder.at('sealed')))).toEqual(inspect(envelope));
    }
    const { header } = await encryptDetached(patterned(10), { keyring });
    await writeFile(folder.at('header'), header);
    expect(await inspectFile(folder.at('header'))).toEqual(inspect(header));
    expect(openFilesIn(folder.path)).toEqual([]);
  });

  it('reads the header alone, however large the file is', async () => {
    const envelope = await encrypt(patterned(10), { keyring });
    await writeFile(folder.at('sealed'), envelope);
    // A hole: it takes no room on the disk.
    await truncate(folder.at('sealed'), 2 ** 40);
    const largest = await largestAllocation(async () => {
      const { payload } = await inspectFile(folder.at('sealed'));
      expect(payload?.plaintextLength).toBeGreaterThan(2 ** 39);
    });
    expect(largest).toBeLessThan(4096);
  });

  it('refuses what inspect refuses', async () => {
    const envelope = await encrypt(patterned(10), { keyring });
    const cases = [
      ['', 'truncated'],
      ['KEYFOLD', 'truncated'],
      ['plaintext of some length', 'malformed'],
      [rawHeader({ version: 2 }), 'unsupported'],
      [rawHeader({ headerLength: 0xffffffff }), 'limit-exceeded'],
      [rawHeader({ headerLength: 5 }), 'malformed'],
      [envelope.subarray(0, 50), 'truncated'],
      [envelope.subarray(0, envelope.length - 20), 'truncated'],
      [flipped(envelope, envelope.length - 10 - 32), 'payload-mismatch'],
    ] as const;
    for (const [content, code] of cases) {
      await writeFile(folder.at('sealed'), content);
      await failure(inspectFile(folder.at('sealed')), code);
    }
    expect(openFilesIn(folder.path)).toEqual([]);
  });

  it('keeps to the limits it is given', async () => {
    await writeFile(folder.at('sealed'), await encrypt(patterned(10), { keyring, headerPadding: 65_000 }));
    await failure(inspectFile(folder.at('sealed'), { limits: { headerBytes: 1000 } }), 'limit-exceeded');
    await failure(inspectFile(folder.at('sealed'), { limits: { headerBytes: -1 } }), 'invalid-argument');
  });

  it('says what is wrong with a path', async () => {
    expect((await failure(inspectFile(folder.at('nowhere')), 'file-failed')).details).toEqual({ path: folder.at('nowhere'), operation: 'open' });
    expect((await failure(inspectFile(folder.path), 'file-failed')).details.operation).toBe('read');
    expect((await failure(inspectFile(''), 'invalid-argument')).details).toEqual({ argument: 'path' });
  });

  it('does not change the file', async () => {
    const envelope = await encrypt(patterned(10), { keyring });
    await writeFile(folder.at('sealed'), envelope);
    const handle = await open(folder.at('sealed'), 'r+');
    await inspectFile(folder.at('sealed'));
    await handle.close();
    await appendFile(folder.at('sealed'), '');
    expect(new Uint8Array(await readFile(folder.at('sealed')))).toEqual(envelope);
  });
});
