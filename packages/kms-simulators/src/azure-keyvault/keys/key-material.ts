import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyMaterial, KeyType } from './key.js';

/** Makes the secret of a version. RSA takes up to some seconds, off the main thread. */
export async function makeMaterial(kty: KeyType, size: number): Promise<KeyMaterial> {
  if (kty === 'oct-HSM') return { kind: 'oct', key: new Uint8Array(randomBytes(size / 8)) };
  return { kind: 'rsa', ...(await promisify(generateKeyPair)('rsa', { modulusLength: size })) };
}
