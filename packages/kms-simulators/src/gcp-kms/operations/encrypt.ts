import { seal } from '../cryptography/ciphertext.js';
import { checksumOf, verifyChecksum, type Int64Value } from '../cryptography/crc32c.js';
import type { CryptoKey } from '../keys/crypto-key.js';
import { cryptoKeyName, parseName, requireCryptoKey, requireVersion, versionName } from '../keys/resource-name.js';
import { requirePurpose, usableMaterial } from '../keys/version-state.js';
import { failedPrecondition, invalidArgument } from '../protocol/service-error.js';
import type { Operation, OperationContext } from './operation.js';

interface Request {
  readonly name: string;
  readonly plaintext: Uint8Array;
  readonly additionalAuthenticatedData: Uint8Array;
  readonly plaintextCrc32c: Int64Value;
  readonly additionalAuthenticatedDataCrc32c: Int64Value;
}

/** Encrypts under the primary version of a key, or under the version that is named. */
export const encrypt: Operation<Request> = (request, context) => {
  const { plaintext, additionalAuthenticatedData: aad } = request;
  const { key, version } = target(request.name, context);
  requirePurpose(key, 'ENCRYPT_DECRYPT');
  requireSizes(key, plaintext, aad);
  const verifiedPlaintextCrc32c = verifyChecksum('plaintext', plaintext, request.plaintextCrc32c);
  const verifiedAdditionalAuthenticatedDataCrc32c = verifyChecksum(
    'additional_authenticated_data',
    aad,
    request.additionalAuthenticatedDataCrc32c,
  );
  const material = usableMaterial(key, version);
  if (material.kind !== 'symmetric') throw new TypeError('A symmetric key has an RSA version.');
  const ciphertext = seal(cryptoKeyName(key), version.version, material.key, plaintext, aad);
  return {
    name: versionName({ ...key, ...version }),
    ciphertext,
    ciphertextCrc32c: checksumOf(ciphertext),
    verifiedPlaintextCrc32c,
    verifiedAdditionalAuthenticatedDataCrc32c,
    protectionLevel: key.protectionLevel,
  };
};

function target(name: string, { store }: OperationContext): ReturnType<typeof store.version> {
  if (parseName(name)?.version !== undefined) return store.version(requireVersion(name));
  const key = store.key(requireCryptoKey(name));
  requirePurpose(key, 'ENCRYPT_DECRYPT');
  if (key.primary === undefined) throw failedPrecondition(`${cryptoKeyName(key)} has no primary version.`);
  return store.version({ ...key, version: key.primary });
}

const KIB = 1024;

/** @throws ServiceError `INVALID_ARGUMENT`: 64 KiB each, and 8 KiB together for a key in an HSM. */
export function requireSizes(key: CryptoKey, data: Uint8Array, aad: Uint8Array, room = 0): void {
  if (data.byteLength > 64 * KIB + room) throw invalidArgument('The data must be at most 64 KiB.');
  if (aad.byteLength > 64 * KIB) throw invalidArgument('additional_authenticated_data must be at most 64 KiB.');
  if (key.protectionLevel !== 'HSM' || data.byteLength + aad.byteLength <= 8 * KIB + room) return;
  throw invalidArgument('For a key of protection level HSM, the data and its additional authenticated data must be at most 8 KiB together.');
}
