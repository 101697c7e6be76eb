import { throwIfAborted } from '@keyfold/core/keyring';
import type { CheckRequest, KeyCheck, Keyring } from '@keyfold/core/keyring';
import { kmsCalls } from './calls/kms-calls.js';
import { checkKeys } from './checking/check-keys.js';
import { clientSource } from './clients/client-source.js';
import { PROVIDER } from './provider.js';
import type { GcpKmsKeyringOptions } from './settings/options.js';
import { readOptions } from './settings/read-options.js';
import { unwrap } from './unwrapping/unwrap.js';
import { wrapping } from './wrapping/wrap.js';

/** A keyring for Google Cloud KMS. */
export interface GcpKmsKeyring extends Keyring {
  /** Wraps and unwraps 32 bytes of zero under each key: no permission is needed but those to use it. */
  check(request: CheckRequest): Promise<readonly KeyCheck[]>;
  /** Frees the sockets of the client that the keyring made. Call it when no call is under way; the keyring stays usable. */
  close(): Promise<void>;
}

/**
 * A keyring for one KEK in Google Cloud KMS: a symmetric key, or an RSA key for asymmetric decryption.
 *
 * A symmetric key wraps (`Encrypt`) and unwraps (`Decrypt`) with the SHA-256 of the message's context as additional
 * authenticated data, so that the KMS itself refuses another context. An RSA key wraps on this machine with the public
 * half, which is asked for (`GetPublicKey`) every five minutes, and unwraps with `AsymmetricDecrypt`; there the context is
 * bound by the envelope's own MAC alone. Envelopes name the key and the version that was used.
 *
 * Checksums (CRC32C) are sent and verified both ways. What does not verify is asked for again, at most `maxAttempts`
 * times, then the reason is `integrity`. No key, project or location is ever called that is not named in the options; an
 * envelope under other keys is answered with `null`, without a request.
 *
 * Failures are `keyring-failed`; the remedy names the permission to grant, or the version to enable.
 *
 * @throws `invalid-argument` for options that cannot be used
 * @example
 * ```ts
 * import { encrypt } from '@keyfold/core';
 * import { gcpKmsKeyring } from '@keyfold/gcp-kms';
 *
 * const keyring = gcpKmsKeyring({ key: 'projects/acme/locations/europe-west3/keyRings/app/cryptoKeys/data' });
 * const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring, context: { tenant: 'acme' } });
 * ```
 */
export function gcpKmsKeyring(options: GcpKmsKeyringOptions): GcpKmsKeyring {
  const settings = readOptions(options);
  const { name, key } = settings;
  const clients = clientSource(options);
  const calls = kmsCalls(name, settings, clients);
  const wrap = wrapping(key, calls);
  const keys = [key, ...settings.alsoUnwrap];

  const keyring: GcpKmsKeyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: key.name.text }],

    async wrap(request) {
      throwIfAborted(request.signal);
      return await wrap(request);
    },

    async unwrap(request) {
      throwIfAborted(request.signal);
      return await unwrap(keyring, keys, calls, request);
    },

    async check({ signal }) {
      throwIfAborted(signal);
      return await checkKeys(settings, calls, signal);
    },

    async close() {
      await clients.close();
    },
  };
  return keyring;
}
