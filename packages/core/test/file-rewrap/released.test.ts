import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { rewrapFile } from '../../src/node.js';
import { failure } from '../support/failure.js';
import { Gate } from '../support/gate.js';
import { namesIn, newFolder } from './folders.js';
import { namedKeyring } from './processes/named-keyring.mjs';
import { writeSealed } from './sealed-file.js';

const { rm } = promises;
afterAll(() => {
  promises.rm = rm;
  syncBuiltinESMExports();
});

it('the lock is held until its record is gone: nobody here takes that for a dead one’s and loses an own one to it', async () => {
  const folder = newFolder();
  const path = join(folder, 'a.keyfold');
  await writeSealed(path);
  const options = { keyring: namedKeyring('old'), wrapWith: namedKeyring('old'), refresh: true };
  // A disk that takes its time to remove the record.
  const [reached, goOn] = [new Gate(), new Gate()];
  promises.rm = async (...args) => {
    if (args[0] === join(folder, '.a.keyfold.keyfold-rewrap')) {
      reached.open();
      await goOn.opened;
    }
    await rm(...args);
  };
  syncBuiltinESMExports();
  const first = rewrapFile(path, options);
  await reached.opened;
  await failure(rewrapFile(path, options), 'file-busy');
  goOn.open();
  expect((await first).revision).toBe(1);
  expect((await rewrapFile(path, options)).revision).toBe(2);
  expect(namesIn(folder)).toEqual(['a.keyfold']);
});
