// Keyrings that behave as ones of a key service do, without the service: an answer takes its time, or does not come.
import { setTimeout as wait } from 'node:timers/promises';
import { localKeyring } from './keyfold.mjs';

/** @typedef {import('../../../core/src/index.js').Keyring} Keyring */

let made = 0;

export const keyrings = {
  /** One whose every call takes so many milliseconds. @param {number} ms @returns {Keyring} */
  slow(ms) {
    const keyring = localKeyring(`slow-${++made}`);
    return {
      ...keyring,
      wrap: async (request) => {
        await wait(ms, undefined, { signal: request.signal });
        return await keyring.wrap(request);
      },
      unwrap: async (request) => {
        await wait(ms, undefined, { signal: request.signal });
        return await keyring.unwrap(request);
      },
    };
  },

  /** One that never answers. @returns {Keyring} */
  dark() {
    const never = async (/** @type {{ signal: AbortSignal }} */ { signal }) => await wait(2 ** 31 - 1, /** @type {never} */ (undefined), { signal });
    return { ...localKeyring(`dark-${++made}`), wrap: never, unwrap: never };
  },

  /** One that is not allowed to unwrap, and says so at once. @returns {Keyring} */
  failing() {
    const refuse = async () => await Promise.reject(new Error('Denied.'));
    return { ...localKeyring(`failing-${++made}`), wrap: refuse, unwrap: refuse };
  },
};
