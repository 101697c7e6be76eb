import { abortable, keyringError, notAccepted, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';
import type { Keyring } from '@keyfold/core/keyring';
import type { KeyringFixture, KeyringManifest } from '../../src/index.js';

const PROVIDER = 'toy-rsa';
const ALGORITHM = 'TOY-RSA-OAEP-256';

/** A keyring that wraps with a public key alone and leaves the context to the engine. */
export function toyRsaKeyring(
  name: string,
  { publicKey, privateKey }: Partial<CryptoKeyPair> & { publicKey: CryptoKey },
): Keyring {
  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: name }],

    async wrap({ keyMaterial, signal }) {
      throwIfAborted(signal);
      const sealing = crypto.subtle.encrypt({ name: 'RSA-OAEP' }, publicKey, new Uint8Array(keyMaterial));
      const ciphertext = new Uint8Array(await abortable(sealing, signal));
      return { wrappedKeys: [{ provider: PROVIDER, keyId: name, keyVersion: '', algorithm: ALGORITHM, ciphertext }] };
    },

    async unwrap(request) {
      throwIfAborted(request.signal);
      return await unwrapEach(keyring, request, ({ keyId, keyVersion, algorithm, ciphertext }) => {
        if (keyId !== name || keyVersion !== '' || algorithm !== ALGORITHM) return undefined;
        return async () => {
          if (privateKey === undefined) throw noPrivateKey(name);
          try {
            const opening = crypto.subtle.decrypt({ name: 'RSA-OAEP' }, privateKey, new Uint8Array(ciphertext));
            return new Uint8Array(await abortable(opening, request.signal));
          } catch {
            throwIfAborted(request.signal);
            throw notAccepted(keyring, name);
          }
        };
      });
    },

    async check({ signal }) {
      throwIfAborted(signal);
      const unwrap = privateKey === undefined ? 'no' : 'yes';
      const permitted = { wrap: 'yes', unwrap, generate: 'no' } as const;
      return await Promise.resolve([
        { provider: PROVIDER, keyId: name, keyVersion: '', reachable: true, state: 'enabled', permitted },
      ]);
    },
  };
  return keyring;
}

function noPrivateKey(keyId: string): Error {
  const failure = {
    provider: PROVIDER,
    keyring: keyId,
    keyId,
    operation: 'unwrap',
    reason: 'misconfigured',
    retryable: false,
  } as const;
  return keyringError({ ...failure, remedy: 'Give the private key.' }, 'this keyring has the public key alone.');
}

export const toyRsaManifest: KeyringManifest = {
  provider: PROVIDER,
  algorithms: [ALGORITHM],
  contextBinding: 'engine',
  keyVersions: false,
  generate: false,
  check: true,
  offlineWrap: true,
};

const generated = Promise.all([generatePair(), generatePair()]);

async function generatePair(): Promise<CryptoKeyPair> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  return await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
}

export async function toyRsaFixture(): Promise<KeyringFixture> {
  const [pair, other] = await generated;
  return {
    keyring: toyRsaKeyring('break-glass', pair),
    twin: toyRsaKeyring('break-glass', pair),
    stranger: toyRsaKeyring('another-one', other),
    offline: toyRsaKeyring('break-glass', { publicKey: pair.publicKey }),
  };
}
