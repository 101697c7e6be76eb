import { randomBytes } from 'node:crypto';
import { openPrimitives, sealPrimitives } from '../lib/envelope-primitives.mjs';
import { keyfold, keyring } from '../lib/keyfold.mjs';
import { peers } from '../lib/peers.mjs';
import { randomData } from '../lib/random-data.mjs';
import { openRawMessage, rawCipher, rawMessage } from '../lib/raw.mjs';
import { MIB, size } from '../lib/units.mjs';

const KIB = 1024;
/** Plaintext bytes, and how fast one message must be against the raw primitive. */
const SIZES = /** @type {const} */ ([
  [KIB, 0.25],
  [64 * KIB, undefined],
  [MIB, 0.75],
]);
/** Peers are shown where messages are small, and their targets hold there. */
const PEERS_AT = KIB;

/** @type {import('../lib/run-group.mjs').Group} */
export const messages = {
  name: 'messages',
  title: 'One message in memory: a new data key each, wrapped under a local AES-256 key',
  cases: () => SIZES.flatMap(([bytes, target]) => [encryptCase(bytes, target), decryptCase(bytes, target)]),
};

/** @param {number} bytes @param {number | undefined} target @returns {import('../lib/run-group.mjs').Comparison} */
function encryptCase(bytes, target) {
  return {
    name: `encrypt ${size(bytes)}`,
    bytes,
    async prepare() {
      const plaintext = randomData(bytes);
      const key = randomBytes(32);
      const nonce = randomBytes(12);
      const others = bytes === PEERS_AT ? await peers() : [];
      return {
        contenders: [
          { name: 'Keyfold', run: async () => await keyfold.encrypt(plaintext, { keyring }) },
          { name: 'raw message', run: () => rawMessage(key, plaintext), ...against(target) },
          { name: 'raw cipher', run: () => rawCipher(key, nonce, plaintext), ...against(target) },
          { name: "the format's primitives", run: () => sealPrimitives(key, plaintext) },
          ...others.map((peer) => ({
            name: peer.name,
            run: async () => await peer.encrypt(plaintext),
            ...against(peer.target),
          })),
        ],
      };
    },
  };
}

/** @param {number} bytes @param {number | undefined} target @returns {import('../lib/run-group.mjs').Comparison} */
function decryptCase(bytes, target) {
  return {
    name: `decrypt ${size(bytes)}`,
    bytes,
    async prepare() {
      const plaintext = randomData(bytes);
      const key = randomBytes(32);
      const message = rawMessage(key, plaintext);
      const wrapped = rawMessage(key, randomBytes(32));
      const envelope = await keyfold.encrypt(plaintext, { keyring });
      const others = [];
      for (const peer of bytes === PEERS_AT ? await peers() : []) {
        others.push({ name: peer.name, run: await peer.decrypt(plaintext), ...against(peer.target) });
      }
      return {
        contenders: [
          { name: 'Keyfold', run: async () => await keyfold.decrypt(envelope, { keyring }) },
          { name: 'raw message', run: () => openRawMessage(key, message), ...against(target) },
          { name: "the format's primitives", run: () => openPrimitives(key, wrapped, message) },
          ...others,
        ],
      };
    },
  };
}

/** @param {number | undefined} target */
function against(target) {
  return target === undefined ? {} : { target };
}
