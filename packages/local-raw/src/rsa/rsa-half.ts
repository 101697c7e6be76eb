import { invalidArgument } from '@keyfold/core/keyring';
import { toBase64Url } from '../base64.js';
import { OAEP_SHA256 } from './oaep.js';
import type { RsaNumbers } from './rsa-numbers.js';

/** One half of an RSA key pair, checked and not yet imported. */
export interface RsaHalf {
  /** Absent where only the platform knows them. */
  readonly numbers?: RsaNumbers;
  readonly load: () => Promise<CryptoKey>;
  /** Of a private half: its public one, where that can be told. */
  readonly loadPublic?: () => Promise<CryptoKey>;
}

export type WhichHalf = 'public' | 'private';

/** The public key with these numbers. */
export async function importPublicKey({ modulus, exponent }: RsaNumbers): Promise<CryptoKey> {
  const jwk = { kty: 'RSA', n: toBase64Url(modulus), e: toBase64Url(exponent) };
  return await crypto.subtle.importKey('jwk', jwk, OAEP_SHA256, false, ['encrypt']);
}

/** Refuses the one half where the other belongs. Throws `invalid-argument`. */
export function assertHalf(found: string, wanted: WhichHalf, argument: string): void {
  if (found === wanted) return;
  if (found === 'private') {
    throw invalidArgument(
      argument,
      'this is a private key, which whoever only wraps should not have; pass its public half ' +
        '(openssl pkey -in private.pem -pubout -out public.pem), or pass it as options.privateKey.',
    );
  }
  throw invalidArgument(argument, `this is a ${found} key, which cannot unwrap; pass the private one, or a public one as options.publicKey.`);
}
