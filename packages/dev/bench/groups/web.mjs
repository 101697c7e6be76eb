import { randomBytes, webcrypto } from 'node:crypto';
import { keyfold, keyring, loadWebKeyfold } from '../lib/keyfold.mjs';
import { cut, pump } from '../lib/pump.mjs';
import { randomData } from '../lib/random-data.mjs';
import { MIB, size } from '../lib/units.mjs';

const BYTES = MIB;

/**
 * For information: the WebCrypto engine, in Node. Browsers have other implementations.
 *
 * @type {import('../lib/run-group.mjs').Group}
 */
export const web = {
  name: 'web',
  title: 'The WebCrypto engine, run in Node, for information',
  ratioMeans: 'how fast WebCrypto is against it',
  cases: () => [
    {
      name: `encrypt ${size(BYTES)}`,
      bytes: BYTES,
      async prepare() {
        const onWeb = await loadWebKeyfold();
        const plaintext = randomData(BYTES);
        const key = await webcrypto.subtle.importKey('raw', randomBytes(32), 'AES-GCM', false, ['encrypt']);
        const iv = randomBytes(12);
        return {
          contenders: [
            { name: 'WebCrypto engine', run: async () => await onWeb.encrypt(plaintext, { keyring: onWeb.keyring }) },
            { name: 'raw crypto.subtle', run: async () => await webcrypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plaintext) },
            { name: 'Node engine', run: async () => await keyfold.encrypt(plaintext, { keyring }) },
          ],
        };
      },
    },
    {
      name: `encrypt a stream of ${size(16 * BYTES)}`,
      bytes: 16 * BYTES,
      async prepare() {
        const onWeb = await loadWebKeyfold();
        const pieces = cut(randomData(16 * BYTES), BYTES);
        return {
          contenders: [
            { name: 'WebCrypto engine', run: async () => { await pump(onWeb.encryptStream({ keyring: onWeb.keyring }), pieces); } },
            { name: 'Node engine', run: async () => { await pump(keyfold.encryptStream({ keyring }), pieces); } },
          ],
        };
      },
    },
  ],
};
