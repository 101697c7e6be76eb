import { invalidArgument } from '@keyfold/core/keyring';
import { assertHalf, importPublicKey } from './rsa-half.js';
import type { RsaHalf, WhichHalf } from './rsa-half.js';
import { readRsaDer } from './rsa-der.js';
import { assertExponent, assertModulusBits, withoutLeadingZeros } from './rsa-numbers.js';

/** A `CryptoKey`, used as it is. Throws `invalid-argument`. */
export function fromCryptoKey(key: CryptoKey, wanted: WhichHalf, argument: string): RsaHalf {
  const { name, hash, modulusLength, publicExponent } = key.algorithm as Partial<RsaHashedKeyAlgorithm>;
  if (name !== 'RSA-OAEP' || (hash)?.name !== 'SHA-256') {
    throw invalidArgument(argument, 'pass a CryptoKey of algorithm RSA-OAEP with the hash SHA-256; it is fixed when a key is imported.');
  }
  assertHalf(key.type, wanted, argument);
  const usage = wanted === 'public' ? 'encrypt' : 'decrypt';
  if (!key.usages.includes(usage)) {
    throw invalidArgument(argument, `this CryptoKey lacks the usage '${usage}'; name it when you import the key.`);
  }
  assertModulusBits(modulusLength ?? 0, argument);
  assertExponent(withoutLeadingZeros(publicExponent ?? new Uint8Array(0)), argument);
  const half = { load: async () => await Promise.resolve(key) };
  if (wanted === 'public' || !key.extractable) return half;
  return { ...half, loadPublic: async () => await publicKeyOf(key) };
}

/** The public half of an extractable private key. */
async function publicKeyOf(privateKey: CryptoKey): Promise<CryptoKey> {
  const der = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  try {
    return await importPublicKey(readRsaDer(der, 'options.privateKey').numbers);
  } finally {
    der.fill(0);
  }
}
