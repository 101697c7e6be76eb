import { importRsaPublicKey, modulusLengthOf, readRsaPublicKey, sealOaep } from '@keyfold/core/keyring';
import type { KeyringFailure, WrappedKey } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import { verified } from '../checksums/crc32c.js';
import { NotVerified } from '../checksums/not-verified.js';
import type { RsaKey } from '../names/configured-key.js';
import { versionName } from '../names/key-name.js';
import { algorithmFor, isRsaAlgorithm, PROVIDER, PUBLIC_KEY_SOURCE } from '../provider.js';
import type { GcpKmsRsaAlgorithm } from '../provider.js';

/** The public half of an RSA key, ready to wrap with. */
export interface PublicKey {
  readonly algorithm: GcpKmsRsaAlgorithm;
  readonly key: CryptoKey;
}

/** Asks for the public half of the version to wrap with. Throws `keyring-failed`, `aborted`. */
export async function fetchPublicKey(
  calls: KmsCalls,
  { name, version }: RsaKey,
  signal: AbortSignal,
  operation: KeyringFailure['operation'] = 'wrap',
): Promise<PublicKey> {
  const call: KmsCall = { action: 'GetPublicKey', key: name, version, operation };
  const { pem, algorithm } = await calls.send(
    call,
    signal,
    async (client, options) => await client.getPublicKey({ name: versionName(name, version) }, options),
    (answer) => {
      if (answer.name !== versionName(name, version)) throw new NotVerified('for another key than the one that was asked for');
      const bytes = verified(typeof answer.pem === 'string' ? new TextEncoder().encode(answer.pem) : undefined, answer.pemCrc32c, 'a public key');
      return { pem: new TextDecoder().decode(bytes), algorithm: answer.algorithm };
    },
  );
  if (typeof algorithm === 'string' && !isRsaAlgorithm(algorithm)) {
    throw calls.fail(call, {
      reason: 'misconfigured',
      retryable: false,
      message: `the key's algorithm is ${algorithm.slice(0, 100)}.`,
      remedy: 'Use an RSA key with one of the algorithms RSA_DECRYPT_OAEP_2048_SHA256, …_3072_SHA256 and …_4096_SHA256.',
    });
  }
  const key = await readAnswered(pem);
  // Over REST the algorithm is a number. The key itself says it, too.
  if (key !== undefined && (typeof algorithm !== 'string' || algorithm === key.algorithm)) return key;
  throw calls.fail(call, {
    reason: 'integrity',
    retryable: false,
    message: 'the public key is not one of the algorithm that Google Cloud KMS says it has.',
    remedy: 'Check that the endpoint is Google Cloud KMS itself, and that nothing between alters its answers.',
  });
}

async function readAnswered(pem: string): Promise<PublicKey | undefined> {
  try {
    const key = await importRsaPublicKey(readRsaPublicKey(pem, 'the public key', PUBLIC_KEY_SOURCE));
    return { algorithm: algorithmFor(modulusLengthOf(key)), key };
  } catch {
    return undefined;
  }
}

/** Wraps with the public half, on this machine. */
export async function sealFor({ name, version }: RsaKey, { algorithm, key }: PublicKey, keyMaterial: Uint8Array): Promise<WrappedKey> {
  const ciphertext = await sealOaep(key, keyMaterial);
  return { provider: PROVIDER, keyId: name.text, keyVersion: version, algorithm, ciphertext };
}
