// A keyring under a key that several processes can share. It imports nothing of the package, so that a test may run it
// beside the sources while a child process runs it beside the build.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * @param {string} name Its key is the hash of its name.
 * @returns {import('../../../src/keyring/keyring.js').Keyring}
 */
export function namedKeyring(name) {
  const key = createHash('sha256').update(name).digest();
  return {
    specificationVersion: 'keyring-v1',
    provider: 'named',
    name,
    keks: [{ provider: 'named', keyId: name }],
    wrap: async ({ keyMaterial, context }) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context.digest);
      const sealed = Buffer.concat([nonce, cipher.update(keyMaterial), cipher.final(), cipher.getAuthTag()]);
      const ciphertext = new Uint8Array(sealed);
      return await Promise.resolve({
        wrappedKeys: [{ provider: 'named', keyId: name, keyVersion: '', algorithm: 'TEST', ciphertext }],
      });
    },
    unwrap: async ({ wrappedKeys, context, accepts }) => {
      const wrappedKey = wrappedKeys.find(({ keyId }) => keyId === name);
      if (wrappedKey === undefined) return null;
      const { ciphertext } = wrappedKey;
      const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(0, 12)).setAAD(context.digest);
      decipher.setAuthTag(ciphertext.subarray(-16));
      const keyMaterial = new Uint8Array(Buffer.concat([decipher.update(ciphertext.subarray(12, -16)), decipher.final()]));
      if (!(await accepts(keyMaterial))) throw new Error('Not accepted.');
      return { keyMaterial, wrappedKey };
    },
  };
}
