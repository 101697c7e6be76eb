import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { AtomicFile } from '../../src/file/atomic-file.js';
import { publishAll } from '../../src/file/publish-all.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { TempFolder } from '../support/temp-folder.js';

const folder = new TempFolder();

/** Two files, of which the second takes the first one's name, as where `A` and `a` are one name. */
async function publishTwice(overwrite: boolean): Promise<void> {
  const files = [
    await AtomicFile.open(folder.at('name'), { overwrite, mode: 0o600 }),
    await AtomicFile.open(folder.at('name'), { overwrite, mode: 0o600, argument: 'options.headerFile' }),
  ];
  try {
    for (const [i, { writer }] of files.entries()) await writer.write(utf8(String(i)));
    await publishAll(files);
  } finally {
    for (const file of files) await file.discard();
  }
}

it('of two files whose names turn out to be one, neither is published', async () => {
  expect((await failure(publishTwice(true), 'invalid-argument')).details).toEqual({ argument: 'options.headerFile' });
  expect(await folder.names()).toEqual([]);
  await writeFile(folder.at('name'), 'precious');
  await failure(publishTwice(true), 'invalid-argument');
  expect(await folder.names()).toEqual(['name']);
  expect(await readFile(folder.at('name'), 'utf8')).toBe('precious');
});

it('nor where nothing may be replaced', async () => {
  await failure(publishTwice(false), 'invalid-argument');
  expect(await folder.names()).toEqual([]);
});
