import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encrypt } from '../../src/index.js';
import { patterned, hex } from '../support/bytes.js';
import { startChild } from '../support/processes/child.js';
import type { FileOperation } from '../support/processes/child.js';
import { fixedKeyring } from '../support/processes/fixed-keyring.mjs';
import { TempFolder } from '../support/temp-folder.js';

const folder = new TempFolder();
const keyHex = hex(patterned(32));
const MIB = 1 << 20;
/** What the system lets a file of the child have: 4 MiB. */
const LIMIT = 8192;

async function run(operation: Omit<FileOperation, 'keyHex'>): Promise<string> {
  const child = startChild({ keyHex, ...operation }, LIMIT);
  let last = '';
  for await (const line of child.lines) last = line;
  expect(await child.exited).toEqual({ code: 0, signal: null });
  return last;
}

// A limit on the size of files stands for a full disk: the system refuses to write any more, in the middle of a write.
describe('when the disk is full', () => {
  it('encrypting leaves the old file and nothing else', async () => {
    await writeFile(folder.at('plain'), patterned(6 * MIB));
    await writeFile(folder.at('sealed'), 'old');
    const said = await run({ operation: 'encrypt', source: folder.at('plain'), target: folder.at('sealed'), overwrite: true });
    expect(said).toMatch(/^failed .*"code":"file-failed".*"operation":"write".*"cause":"EFBIG"/);
    expect(await readFile(folder.at('sealed'), 'utf8')).toBe('old');
    expect(await folder.names()).toEqual(['plain', 'sealed']);
  });

  it('encrypting into two files leaves neither', async () => {
    await writeFile(folder.at('plain'), patterned(6 * MIB));
    const said = await run({ operation: 'encrypt', source: folder.at('plain'), target: folder.at('payload'), headerFile: folder.at('header') });
    expect(said).toMatch(/^failed .*"code":"file-failed"/);
    expect(await folder.names()).toEqual(['plain']);
  });

  it('decrypting leaves nothing', async () => {
    await writeFile(folder.at('sealed'), await encrypt(patterned(6 * MIB), { keyring: fixedKeyring(keyHex) }));
    const said = await run({ operation: 'decrypt', source: folder.at('sealed'), target: folder.at('back') });
    expect(said).toMatch(/^failed .*"code":"file-failed".*"cause":"EFBIG"/);
    expect(await folder.names()).toEqual(['sealed']);
  });

  it('what fits is written', async () => {
    await writeFile(folder.at('plain'), patterned(3 * MIB));
    expect(await run({ operation: 'encrypt', source: folder.at('plain'), target: folder.at('sealed') })).toBe('done');
    expect(await folder.names()).toEqual(['plain', 'sealed']);
  });
});
