import { createDecipheriv, randomBytes } from 'node:crypto';
import { keyfold, keyring } from '../lib/keyfold.mjs';
import { randomData } from '../lib/random-data.mjs';
import { MIB, size } from '../lib/units.mjs';

const KIB = 1024;
const PLAINTEXT = 64 * MIB;
/** Of the default size: what the raw cipher has to open for a range. */
const SEGMENT = 128 * KIB;

/** @type {import('../lib/run-group.mjs').Group} */
export const ranges = {
  name: 'ranges',
  title: `Ranges at random offsets, out of an envelope of ${size(PLAINTEXT)} in memory`,
  cases: () => [KIB, 64 * KIB, 8 * MIB].map(rangeCase),
};

/** @param {number} length @returns {import('../lib/run-group.mjs').Comparison} */
function rangeCase(length) {
  return {
    name: `read ${size(length)}`,
    bytes: length,
    async prepare() {
      const envelope = await keyfold.encrypt(randomData(PLAINTEXT), { keyring });
      const reader = await keyfold.openEnvelope(keyfold.bytesSource(envelope), { keyring, cacheSegments: 0 });
      const key = randomBytes(32);
      const nonce = randomBytes(12);
      const offset = () => Math.floor(Math.random() * (PLAINTEXT - length));
      return {
        contenders: [
          { name: 'Keyfold', run: async () => await reader.read(offset(), length) },
          {
            name: 'raw cipher, the segments that it touches',
            run: () => {
              const at = offset();
              const [first, last] = [at, at + length - 1].map((byte) => Math.floor(byte / SEGMENT));
              for (let i = first ?? 0; i <= (last ?? 0); i++) {
                createDecipheriv('aes-256-gcm', key, nonce).update(envelope.subarray(i * SEGMENT, (i + 1) * SEGMENT));
              }
            },
          },
        ],
        close: async () => {
          reader.close();
          await Promise.resolve();
        },
      };
    },
  };
}
