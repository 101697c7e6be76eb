import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { RsaAlgorithm } from '../keys/algorithms.js';
import type { KeySpec, RsaMaterial } from '../keys/key-material.js';
import { invalidCiphertext, validationError } from '../protocol/kms-error.js';

const HASH = {
  RSAES_OAEP_SHA_1: { oaepHash: 'sha1', bytes: 20 },
  RSAES_OAEP_SHA_256: { oaepHash: 'sha256', bytes: 32 },
} as const;

/** @throws KmsError `ValidationException` if the plaintext is too long for the key (RFC 8017, 7.1.1). */
export function encryptOaep(
  keySpec: KeySpec,
  material: RsaMaterial,
  algorithm: RsaAlgorithm,
  plaintext: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { oaepHash, bytes } = HASH[algorithm];
  const limit = Number(keySpec.slice('RSA_'.length)) / 8 - 2 * bytes - 2;
  if (plaintext.byteLength > limit) {
    throw validationError(
      `Algorithm ${algorithm} and key spec ${keySpec} cannot encrypt data larger than ${limit} bytes.`,
    );
  }
  const options = { key: material.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  return new Uint8Array(publicEncrypt(options, plaintext));
}

/** @throws KmsError `InvalidCiphertextException` */
export function decryptOaep(
  material: RsaMaterial,
  algorithm: RsaAlgorithm,
  ciphertext: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { oaepHash } = HASH[algorithm];
  const options = { key: material.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  try {
    return new Uint8Array(privateDecrypt(options, ciphertext));
  } catch {
    throw invalidCiphertext();
  }
}
