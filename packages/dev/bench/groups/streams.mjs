import { randomBytes } from 'node:crypto';
import { keyfold, keyring } from '../lib/keyfold.mjs';
import { cut, pipe, pump } from '../lib/pump.mjs';
import { randomData } from '../lib/random-data.mjs';
import { openRawSegments, rawSegments, sealRawSegments } from '../lib/raw.mjs';
import { MIB, size } from '../lib/units.mjs';

/** Bytes that are written at a time. */
const PIECE = MIB;
const SEGMENT = 128 * 1024;
const TARGET = 0.85;

/** @type {import('../lib/run-group.mjs').Group} */
export const streams = {
  name: 'streams',
  title: `Streams: pieces of ${size(PIECE)} in, segments of ${size(SEGMENT)}, against one raw cipher per segment`,
  cases: ({ quick }) =>
    (quick ? [MIB, 16 * MIB] : [MIB, 16 * MIB, 256 * MIB]).flatMap((bytes) => [encryptCase(bytes), decryptCase(bytes)]),
};

/** @param {number} bytes @returns {import('../lib/run-group.mjs').Comparison} */
function encryptCase(bytes) {
  return {
    name: `encrypt ${size(bytes)}`,
    bytes,
    prepare() {
      const pieces = cut(randomData(bytes), PIECE);
      const key = randomBytes(32);
      const create = () => keyfold.encryptStream({ keyring });
      return {
        contenders: [
          { name: 'Keyfold, writer and reader', run: async () => { await pump(create(), pieces); } },
          { name: 'raw cipher', run: () => { rawSegments(key, pieces, SEGMENT); }, target: TARGET },
          { name: 'Keyfold, pipeThrough', run: async () => { await pipe(create(), pieces); } },
        ],
      };
    },
  };
}

/** @param {number} bytes @returns {import('../lib/run-group.mjs').Comparison} */
function decryptCase(bytes) {
  return {
    name: `decrypt ${size(bytes)}`,
    bytes,
    async prepare() {
      const plaintext = randomData(bytes);
      const pieces = cut(await keyfold.encrypt(plaintext, { keyring }), PIECE);
      const key = randomBytes(32);
      const sealed = sealRawSegments(key, [plaintext], SEGMENT);
      const create = () => keyfold.decryptStream({ keyring });
      return {
        contenders: [
          { name: 'Keyfold, writer and reader', run: async () => { await pump(create(), pieces); } },
          { name: 'raw cipher', run: () => { openRawSegments(key, sealed, SEGMENT); }, target: TARGET },
          { name: 'Keyfold, pipeThrough', run: async () => { await pipe(create(), pieces); } },
        ],
      };
    },
  };
}
