import { invalidCiphertext, isOfKey, open, parseCiphertext, wrongKey } from '../cryptography/ciphertext.js';
import { checksumOf, verifyChecksum, type Int64Value } from '../cryptography/crc32c.js';
import { cryptoKeyName, requireCryptoKey } from '../keys/resource-name.js';
import { requirePurpose, usableMaterial } from '../keys/version-state.js';
import { requireSizes } from './encrypt.js';
import type { Operation } from './operation.js';

interface Request {
  readonly name: string;
  readonly ciphertext: Uint8Array;
  readonly additionalAuthenticatedData: Uint8Array;
  readonly ciphertextCrc32c: Int64Value;
  readonly additionalAuthenticatedDataCrc32c: Int64Value;
}

/** Bytes by which a ciphertext may be longer than the longest plaintext. */
const OVERHEAD = 1024;

/** Decrypts with the version that the ciphertext was made with, primary or not. */
export const decrypt: Operation<Request> = (request, { store }) => {
  const { ciphertext, additionalAuthenticatedData: aad } = request;
  const key = store.key(requireCryptoKey(request.name));
  requirePurpose(key, 'ENCRYPT_DECRYPT');
  requireSizes(key, ciphertext, aad, OVERHEAD);
  verifyChecksum('ciphertext', ciphertext, request.ciphertextCrc32c);
  verifyChecksum('additional_authenticated_data', aad, request.additionalAuthenticatedDataCrc32c);
  const parsed = parseCiphertext(ciphertext);
  if (!isOfKey(parsed, cryptoKeyName(key))) throw wrongKey();
  const version = key.versions.find((one) => one.version === parsed.version);
  if (version === undefined) throw invalidCiphertext();
  const material = usableMaterial(key, version);
  if (material.kind !== 'symmetric') throw invalidCiphertext();
  const plaintext = open(parsed, material.key, aad);
  return {
    plaintext,
    plaintextCrc32c: checksumOf(plaintext),
    usedPrimary: key.primary === version.version,
    protectionLevel: key.protectionLevel,
  };
};
