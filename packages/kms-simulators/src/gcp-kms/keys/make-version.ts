import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { rsaAlgorithm, type KeyAlgorithm } from './algorithms.js';
import type { CryptoKey, KeyMaterial, KeyVersion } from './crypto-key.js';

/** Makes the secret of a version. RSA takes up to some seconds, off the main thread. */
export async function makeMaterial(algorithm: KeyAlgorithm): Promise<KeyMaterial> {
  const rsa = rsaAlgorithm(algorithm);
  if (rsa === undefined) return symmetricMaterial();
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: rsa.modulusLength });
  return { kind: 'rsa', ...pair };
}

export function symmetricMaterial(): KeyMaterial {
  return { kind: 'symmetric', key: new Uint8Array(randomBytes(32)) };
}

/** The next version of a key, enabled. */
export function nextVersion(key: Pick<CryptoKey, 'versions' | 'algorithm'>, material: KeyMaterial, now: number): KeyVersion {
  return {
    version: `${key.versions.length + 1}`,
    algorithm: key.algorithm,
    createdAt: now,
    state: 'ENABLED',
    destroyAt: undefined,
    material,
  };
}
