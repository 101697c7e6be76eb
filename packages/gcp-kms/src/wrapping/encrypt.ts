import type { EncryptionContext, KeyringFailure, WrappedKey } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import { assertArrived, checksumOf, verified } from '../checksums/crc32c.js';
import { NotVerified } from '../checksums/not-verified.js';
import { versionOf } from '../names/key-name.js';
import type { KeyName } from '../names/key-name.js';
import { PROVIDER, SYMMETRIC } from '../provider.js';
import { additionalData } from './additional-data.js';

/** Bytes of the longest ciphertext that an envelope has room for. */
const MAX_CIPHERTEXT = 65_535;

/** Wraps with the primary version of a symmetric key. Throws `keyring-failed`, `aborted`. */
export async function encrypt(
  calls: KmsCalls,
  key: KeyName,
  plaintext: Uint8Array,
  context: EncryptionContext,
  signal: AbortSignal,
  operation: KeyringFailure['operation'] = 'wrap',
): Promise<WrappedKey> {
  const call: KmsCall = { action: 'Encrypt', key, operation };
  const aad = additionalData(context);
  const request = {
    name: key.text,
    plaintext,
    plaintextCrc32c: checksumOf(plaintext),
    additionalAuthenticatedData: aad,
    additionalAuthenticatedDataCrc32c: checksumOf(aad),
  };
  return await calls.send(
    call,
    signal,
    async (client, options) => await client.encrypt(request, options),
    (answer) => {
      const version = versionOf(key, answer.name);
      if (version === undefined) throw new NotVerified('for another key than the one that was asked for');
      assertArrived(answer.verifiedPlaintextCrc32c, 'the checksum of the data key');
      assertArrived(answer.verifiedAdditionalAuthenticatedDataCrc32c, 'the checksum of the context');
      const ciphertext = new Uint8Array(verified(answer.ciphertext, answer.ciphertextCrc32c, 'a wrapped key'));
      if (ciphertext.length === 0 || ciphertext.length > MAX_CIPHERTEXT) throw new NotVerified('with a wrapped key of no possible length');
      return { provider: PROVIDER, keyId: key.text, keyVersion: version, algorithm: SYMMETRIC, ciphertext };
    },
  );
}
