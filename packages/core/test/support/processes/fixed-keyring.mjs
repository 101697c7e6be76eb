// A keyring under a key that two processes can share. It imports nothing of the package, so that a test may run it beside
// the sources while a child process runs it beside the build.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const name = 'fixed';

/**
 * @param {string} keyHex 32 bytes, in hexadecimal
 * @returns {import('../../../src/keyring/keyring.js').Keyring}
 */
export function fixedKeyring(keyHex) {
  const key = Buffer.from(keyHex, 'hex');
  return {
    specificationVersion: 'keyring-v1',
    provider: 'test',
    name,
    keks: [{ provider: 'test', keyId: name }],
    wrap: async ({ keyMaterial, context }) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context.digest);
      const sealed = Buffer.concat([nonce, cipher.update(keyMaterial), cipher.final(), cipher.getAuthTag()]);
      const ciphertext = new Uint8Array(sealed);
      return await Promise.resolve({
        wrappedKeys: [{ provider: 'test', keyId: name, keyVersion: '', algorithm: 'TEST', ciphertext }],
      });
    },
    unwrap: async ({ wrappedKeys, context }) => {
      const wrappedKey = wrappedKeys.find(({ keyId }) => keyId === name);
      if (wrappedKey === undefined) return null;
      const { ciphertext } = wrappedKey;
      const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(0, 12)).setAAD(context.digest);
      decipher.setAuthTag(ciphertext.subarray(-16));
      const keyMaterial = Buffer.concat([decipher.update(ciphertext.subarray(12, -16)), decipher.final()]);
      return await Promise.resolve({ keyMaterial: new Uint8Array(keyMaterial), wrappedKey });
    },
  };
}
