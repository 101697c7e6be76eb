import { setTimeout as wait } from 'node:timers/promises';
import { keyfold } from '../lib/keyfold.mjs';
import { keyrings } from '../lib/slow-keyrings.mjs';

/** Latencies in ms that calls to key services in several Regions have. */
const LATENCIES = [10, 15, 20, 25, 30];
const SECOND = 30;
const HEAD_START = 50;
/** What a multi-keyring may add in ms to what it has to wait for. */
const ALLOWED = 20;

const plaintext = new Uint8Array(1024);

/** @type {import('../lib/run-group.mjs').Group} */
export const multi = {
  name: 'multi',
  title: 'Several keys with the latencies of key services: what a multi-keyring takes besides',
  cases: () => [wrapCase(), darkCase(), failingCase()],
};

/** @returns {import('../lib/run-group.mjs').Comparison} */
function wrapCase() {
  return {
    name: `encrypting for ${LATENCIES.length} members that take ${LATENCIES.join(', ')} ms`,
    bytes: 0,
    prepare() {
      const members = LATENCIES.map((ms) => keyrings.slow(ms));
      const keyring = keyfold.multiKeyring({ members });
      const slowest = members.at(-1) ?? keyring;
      return {
        contenders: [
          { name: 'all', run: async () => await keyfold.encrypt(plaintext, { keyring }) },
          // So that all take at most 1.19 times as long.
          { name: 'the slowest alone', run: async () => await keyfold.encrypt(plaintext, { keyring: slowest }), target: 0.84 },
        ],
      };
    },
  };
}

/** @returns {import('../lib/run-group.mjs').Comparison} */
function darkCase() {
  const most = HEAD_START + SECOND + ALLOWED;
  return {
    name: `decrypting while the first member is dark, and the second takes ${SECOND} ms after ${HEAD_START} ms of head start`,
    bytes: 0,
    async prepare() {
      const second = keyrings.slow(SECOND);
      const envelope = await keyfold.encrypt(plaintext, { keyring: second });
      const make = () => keyfold.multiKeyring({ members: [keyrings.dark(), second], headStart: HEAD_START });
      const known = make();
      return {
        contenders: [
          // A keyring of its own each time: after three times it is asked last.
          { name: 'Keyfold', run: async () => await keyfold.decrypt(envelope, { keyring: make() }) },
          { name: 'once it is known to be dark', run: async () => await keyfold.decrypt(envelope, { keyring: known }) },
          { name: `waiting ${most} ms`, run: async () => { await wait(most); }, target: 1 },
        ],
      };
    },
  };
}

/** @returns {import('../lib/run-group.mjs').Comparison} */
function failingCase() {
  const most = SECOND + ALLOWED;
  return {
    name: `decrypting while the first member fails at once, and the second takes ${SECOND} ms`,
    bytes: 0,
    async prepare() {
      const second = keyrings.slow(SECOND);
      const envelope = await keyfold.encrypt(plaintext, { keyring: second });
      return {
        contenders: [
          // A keyring of its own each time: one that has failed is asked last.
          { name: 'Keyfold', run: async () => await keyfold.decrypt(envelope, { keyring: keyfold.multiKeyring({ members: [keyrings.failing(), second] }) }) },
          { name: 'the second alone', run: async () => await keyfold.decrypt(envelope, { keyring: second }) },
          { name: `waiting ${most} ms`, run: async () => { await wait(most); }, target: 1 },
        ],
      };
    },
  };
}
