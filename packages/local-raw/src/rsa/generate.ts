import { abortable, invalidArgument, throwIfAborted } from '@keyfold/core/keyring';
import { OAEP_SHA256 } from './oaep.js';
import { encodePem } from './pem.js';

export interface GenerateRsaKeyPairOptions {
  /** Bits: 2048, 3072 or 4096. Default 3072, which is as hard to break as the rest of an envelope: about 2^128 work. */
  readonly modulusLength?: 2048 | 3072 | 4096;
  readonly signal?: AbortSignal;
}

/** Both halves of a new pair, in PEM. */
export interface RsaKeyPair {
  /** `PUBLIC KEY` (SubjectPublicKeyInfo). */
  readonly publicKey: string;
  /** `PRIVATE KEY` (PKCS#8, not encrypted): whoever has it opens every envelope under the public key. */
  readonly privateKey: string;
}

/** 65537, big-endian. */
const PUBLIC_EXPONENT = Uint8Array.of(1, 0, 1);

/**
 * A new RSA key pair for `rawRsaKeyring`, with the public exponent 65537. Takes up to some seconds.
 *
 * 2,048 bits are worth 112 bits of security, which NIST accepts for new data through 2030 only (SP 800-57 part 1,
 * revision 5, table 4); 3,072 are worth 128. What a break-glass key protects lives for longer than that.
 *
 * @throws `invalid-argument`, `aborted`
 * @example
 * ```ts
 * const { publicKey, privateKey } = await generateRsaKeyPair();
 * ```
 */
export async function generateRsaKeyPair(options: GenerateRsaKeyPairOptions = {}): Promise<RsaKeyPair> {
  const { modulusLength = 3072, signal } = options;
  if (![2048, 3072, 4096].includes(modulusLength)) {
    throw invalidArgument('options.modulusLength', 'pass 2048, 3072 or 4096 (bits).');
  }
  throwIfAborted(signal);
  return await abortable(generate(modulusLength), signal);
}

async function generate(modulusLength: number): Promise<RsaKeyPair> {
  const algorithm = { ...OAEP_SHA256, modulusLength, publicExponent: PUBLIC_EXPONENT };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']);
  const publicDer = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  const privateDer = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  try {
    return { publicKey: encodePem('PUBLIC KEY', publicDer), privateKey: encodePem('PRIVATE KEY', privateDer) };
  } finally {
    privateDer.fill(0);
  }
}
