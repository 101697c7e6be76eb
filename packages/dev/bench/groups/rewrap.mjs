import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyfold, keyfoldNode, keyring } from '../lib/keyfold.mjs';
import { randomData } from '../lib/random-data.mjs';
import { GIB, MIB, size } from '../lib/units.mjs';

/** Wraps again under the same key, every time: as rotating it does. */
const AGAIN = { keyring, wrapWith: keyring, refresh: true };

/** @type {import('../lib/run-group.mjs').Group} */
export const rewrap = {
  name: 'rewrap',
  title: 'Rewrap under a local key: what it takes besides the calls to a KMS',
  cases: ({ folder }) => [headerCase(), fileCase(10 * GIB, folder)],
};

/** @returns {import('../lib/run-group.mjs').Comparison} */
function headerCase() {
  return {
    name: 'a header, whatever its payload',
    bytes: 0,
    async prepare() {
      const plaintext = randomData(MIB);
      const { header } = await keyfold.encryptDetached(plaintext, { keyring });
      return {
        contenders: [
          { name: 'Keyfold', run: async () => await keyfold.rewrap(header, AGAIN) },
          { name: `encrypting ${size(MIB)} again`, run: async () => await keyfold.encrypt(plaintext, { keyring }) },
        ],
      };
    },
  };
}

/** @param {number} bytes @param {string} folder @returns {import('../lib/run-group.mjs').Comparison} */
function fileCase(bytes, folder) {
  return {
    name: `a file of ${size(bytes)}, in place`,
    bytes: 0,
    async prepare() {
      const path = join(folder, 'rewrap.keyfold');
      const small = join(folder, 'rewrap.small');
      const envelope = await keyfold.encrypt(randomData(MIB), { keyring });
      await writeFile(path, envelope);
      // The rest of the payload is a hole, which nobody reads.
      const file = await open(path, 'r+');
      await file.truncate(bytes);
      await file.close();
      return {
        contenders: [
          {
            name: 'Keyfold',
            run: async () => {
              const { written } = await keyfoldNode.rewrapFile(path, AGAIN);
              if (written !== 'in-place') throw new Error(`The file was ${written}.`);
            },
          },
          { name: 'writing 1 KiB to a file, synced', run: async () => { await writeFile(small, envelope.subarray(0, 1024), { flush: true }); } },
        ],
        notes: ['should take less than 50 ms'],
        close: async () => { for (const made of [path, small]) await rm(made, { force: true }); },
      };
    },
  };
}
