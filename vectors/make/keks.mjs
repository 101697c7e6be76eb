// The key-encryption keys of the vectors. They are public: never use them for anything else.
import { readFileSync } from 'node:fs';
import { seeded } from './bytes.mjs';

/**
 * AES KEKs by name.
 *
 * @type {Record<string, Uint8Array>}
 */
export const aesKeks = {
  vectors: Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => 0x20 + i)),
  other: seeded('keks', 'other', 32),
  ['n'.repeat(255)]: seeded('keks', 'name of 255 bytes', 32),
  'share-1': seeded('keks', 'share-1', 32),
  'share-2': seeded('keks', 'share-2', 32),
  'share-3': seeded('keks', 'share-3', 32),
};

/** RSA KEKs by name: the one thing that no seed gives. The files are an input of the script. */
export const rsaKeks = {
  'rsa-2048': rsaKek('rsa-2048'),
  'rsa-4096': rsaKek('rsa-4096'),
};

/** @param {string} name */
function rsaKek(name) {
  const publicFile = `keys/${name}.public.pem`;
  return {
    privateFile: `keys/${name}.pem`,
    publicFile,
    bytes: Number(name.slice(4)) / 8,
    publicKey: readFileSync(new URL(`../${publicFile}`, import.meta.url), 'utf8'),
  };
}

/** The KEKs as the index lists them. Two have one name, so each has an id. */
export function describeKeks() {
  const aes = Object.entries(aesKeks).map(([name, key]) => ({ id: name, name, key }));
  return [
    ...[...aes, { id: 'vectors (other bytes)', name: 'vectors', key: seeded('keks', 'other bytes', 32) }].map(({ id, name, key }) => ({
      id,
      name,
      algorithm: 'HKDF-SHA512-AES-256-GCM',
      key: Buffer.from(key).toString('hex'),
    })),
    ...Object.entries(rsaKeks).map(([name, { privateFile, publicFile }]) => ({
      id: name,
      name,
      algorithm: 'RSA-OAEP-256',
      private_key: privateFile,
      public_key: publicFile,
    })),
  ];
}
