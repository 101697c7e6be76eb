import { OAEP_SHA256 } from './oaep.js';
import { assertHalf, importPublicKey } from './rsa-half.js';
import type { RsaHalf, WhichHalf } from './rsa-half.js';
import { readRsaDer } from './rsa-der.js';
import type { RsaDer } from './rsa-der.js';
import { assertRsaNumbers } from './rsa-numbers.js';

/** A key from its DER encoding, which becomes this function's: a private key is wiped once it was imported. */
export function fromDer(der: Uint8Array<ArrayBuffer>, wanted: WhichHalf, argument: string): RsaHalf {
  const { numbers } = check(der, wanted, argument);
  const loadPublic = async (): Promise<CryptoKey> => await importPublicKey(numbers);
  if (wanted === 'public') return { numbers, load: loadPublic };
  const load = async (): Promise<CryptoKey> => {
    const key = await crypto.subtle.importKey('pkcs8', der, OAEP_SHA256, false, ['decrypt']);
    der.fill(0);
    return key;
  };
  return { numbers, load, loadPublic };
}

function check(der: Uint8Array, wanted: WhichHalf, argument: string): RsaDer {
  try {
    const key = readRsaDer(der, argument);
    assertHalf(key.half, wanted, argument);
    assertRsaNumbers(key.numbers, argument);
    return key;
  } catch (error) {
    der.fill(0);
    throw error;
  }
}
