import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { keyfold, keyfoldNode, keyring } from '../lib/keyfold.mjs';
import { cut, pump } from '../lib/pump.mjs';
import { randomData, writeRandomFile } from '../lib/random-data.mjs';
import { rawSegments } from '../lib/raw.mjs';
import { GIB, MIB, size } from '../lib/units.mjs';

const KIB = 1024;
/** The default first: the others are held against it. */
const SIZES = [128 * KIB, 64 * KIB, 256 * KIB, 512 * KIB, MIB];

/**
 * What the segment size costs: docs/decisions/segment-size.md.
 *
 * @type {import('../lib/run-group.mjs').Group}
 */
export const segments = {
  name: 'segments',
  title: 'Segment sizes',
  ratioMeans: `how fast it is against ${size(SIZES[0] ?? 0)}`,
  cases: ({ quick, folder }) => [
    comparison('encrypt one message of 1 MiB', MIB, (plaintext, segmentSize) => async () =>
      await keyfold.encrypt(plaintext, { keyring, segmentSize }),
    ),
    comparison('decrypt one message of 1 MiB', MIB, async (plaintext, segmentSize) => {
      const envelope = await keyfold.encrypt(plaintext, { keyring, segmentSize });
      return async () => await keyfold.decrypt(envelope, { keyring });
    }),
    comparison('encrypt a stream of 64 MiB', 64 * MIB, (plaintext, segmentSize) => {
      const pieces = cut(plaintext, MIB);
      return async () => { await pump(keyfold.encryptStream({ keyring, segmentSize }), pieces); };
    }),
    comparison('decrypt a stream of 64 MiB', 64 * MIB, async (plaintext, segmentSize) => {
      const pieces = cut(await keyfold.encrypt(plaintext, { keyring, segmentSize }), MIB);
      return async () => { await pump(keyfold.decryptStream({ keyring }), pieces); };
    }),
    comparison('raw cipher, one per segment, over 64 MiB', 64 * MIB, (plaintext, segmentSize) => {
      const key = randomBytes(32);
      return () => { rawSegments(key, [plaintext], segmentSize); };
    }),
    fileComparison(folder, quick ? 128 * MIB : GIB),
  ],
};

/**
 * @param {string} name
 * @param {number} bytes
 * @param {(plaintext: Uint8Array, segmentSize: number) => import('../lib/run-group.mjs').Awaitable<() => unknown>} operation
 * @returns {import('../lib/run-group.mjs').Comparison}
 */
function comparison(name, bytes, operation) {
  return {
    name,
    bytes,
    inverse: true,
    async prepare() {
      const plaintext = randomData(bytes);
      const contenders = [];
      for (const segmentSize of SIZES) {
        contenders.push({ name: size(segmentSize), run: await operation(plaintext, segmentSize) });
      }
      return { contenders };
    },
  };
}

/** @param {string} folder @param {number} bytes @returns {import('../lib/run-group.mjs').Comparison} */
function fileComparison(folder, bytes) {
  const source = join(folder, 'segments.plain');
  const target = join(folder, 'segments.keyfold');
  return {
    name: `encrypt a file of ${size(bytes)}`,
    bytes,
    inverse: true,
    long: true,
    async prepare() {
      await writeRandomFile(source, bytes);
      return {
        contenders: SIZES.map((segmentSize) => ({
          name: size(segmentSize),
          run: async () => await keyfoldNode.encryptFile(source, target, { keyring, segmentSize }),
          reset: async () => { await rm(target); },
        })),
        close: async () => { await rm(source); },
      };
    },
  };
}
