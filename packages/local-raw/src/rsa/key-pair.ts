import { DATA_KEY_LENGTH, invalidArgument, primitives, sealOaep } from '@keyfold/core/keyring';
import { loadOnce } from '../load-once.js';
import { openOaep } from './oaep.js';
import type { RsaHalf } from './rsa-half.js';
import { readRsaKey } from './rsa-key-input.js';
import type { RsaKeyInput } from './rsa-key-input.js';
import type { RsaNumbers } from './rsa-numbers.js';

/** What a keyring has of a pair. Absent: it cannot do that. */
export interface KeyPair {
  readonly loadWrapping?: () => Promise<CryptoKey>;
  readonly loadUnwrapping?: () => Promise<CryptoKey>;
}

/** Reads the halves that were given. Throws `invalid-argument`. */
export function readKeyPair(options: { publicKey?: RsaKeyInput; privateKey?: RsaKeyInput }): KeyPair {
  const { publicKey, privateKey } = options;
  const publicHalf = publicKey === undefined ? undefined : readRsaKey(publicKey, 'public', 'options.publicKey');
  const privateHalf = privateKey === undefined ? undefined : readRsaKey(privateKey, 'private', 'options.privateKey');
  if (privateHalf === undefined) {
    if (publicHalf !== undefined) return { loadWrapping: loadOnce(publicHalf.load) };
    throw invalidArgument('options.publicKey', 'pass a public key to wrap with, or a private key to unwrap with, or both.');
  }
  if (publicHalf !== undefined) assertSamePair(publicHalf, privateHalf);
  const loadUnwrapping = loadOnce(privateHalf.load);
  const loadPublic = publicHalf?.load ?? privateHalf.loadPublic;
  if (loadPublic === undefined) return { loadUnwrapping };
  return { loadUnwrapping, loadWrapping: loadOnce(async () => await prove(await loadPublic(), await loadUnwrapping())) };
}

function assertSamePair({ numbers: a }: RsaHalf, { numbers: b }: RsaHalf): void {
  if (a === undefined || b === undefined || haveSameNumbers(a, b)) return;
  throw invalidArgument('options.publicKey', 'this is not the public half of options.privateKey; pass the two halves of one pair.');
}

function haveSameNumbers(a: RsaNumbers, b: RsaNumbers): boolean {
  return (
    primitives.equalInConstantTime(a.modulus, b.modulus) && primitives.equalInConstantTime(a.exponent, b.exponent)
  );
}

/**
 * Who has both halves finds out before the first wrap, not at a recovery years later, that the private one is damaged or
 * belongs to another pair: it must open what the public one closes (the pair-wise consistency test of NIST SP 800-56B).
 * Costs one private operation for each keyring.
 */
async function prove(publicKey: CryptoKey, privateKey: CryptoKey): Promise<CryptoKey> {
  const probe = primitives.randomBytes(DATA_KEY_LENGTH);
  const opened = await openOaep(privateKey, await sealOaep(publicKey, probe));
  if (opened !== undefined && primitives.equalInConstantTime(opened, probe)) return publicKey;
  throw new Error('The private key does not open what the public key closes.');
}
