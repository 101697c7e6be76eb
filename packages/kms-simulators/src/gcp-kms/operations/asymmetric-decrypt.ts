import { constants, privateDecrypt } from 'node:crypto';
import { invalidCiphertext } from '../cryptography/ciphertext.js';
import { checksumOf, verifyChecksum, type Int64Value } from '../cryptography/crc32c.js';
import { rsaAlgorithm } from '../keys/algorithms.js';
import { requireVersion } from '../keys/resource-name.js';
import { requirePurpose, usableMaterial } from '../keys/version-state.js';
import type { Operation } from './operation.js';

interface Request {
  readonly name: string;
  readonly ciphertext: Uint8Array;
  readonly ciphertextCrc32c: Int64Value;
}

/** Decrypts RSAES-OAEP with one version of a key. */
export const asymmetricDecrypt: Operation<Request> = (request, { store }) => {
  const { ciphertext } = request;
  const { key, version } = store.version(requireVersion(request.name));
  requirePurpose(key, 'ASYMMETRIC_DECRYPT');
  const verifiedCiphertextCrc32c = verifyChecksum('ciphertext', ciphertext, request.ciphertextCrc32c);
  const material = usableMaterial(key, version);
  const oaepHash = rsaAlgorithm(version.algorithm)?.oaepHash;
  if (material.kind !== 'rsa' || oaepHash === undefined) throw new TypeError('An RSA key has a symmetric version.');
  let plaintext: Uint8Array;
  try {
    plaintext = privateDecrypt({ key: material.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, ciphertext);
  } catch {
    throw invalidCiphertext();
  }
  return {
    plaintext,
    plaintextCrc32c: checksumOf(plaintext),
    verifiedCiphertextCrc32c,
    protectionLevel: key.protectionLevel,
  };
};
