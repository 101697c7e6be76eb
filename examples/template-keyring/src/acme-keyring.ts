import { abortable, keyringError, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';
import type { FailureReason, Keyring } from '@keyfold/core/keyring';

/** What is used of the service's client, and no more: anything that looks like this will do. */
export interface AcmeClient {
  encrypt(call: AcmeCall): Promise<{ keyId: string; bytes: Uint8Array }>;
  decrypt(call: AcmeCall): Promise<{ keyId: string; bytes: Uint8Array }>;
}
export type AcmeCall = { keyId: string; bytes: Uint8Array; context: Uint8Array; signal: AbortSignal };

const PROVIDER = 'acme-kms';
const ALGORITHM = 'ACME_AES_256';
/** The service's error codes: the reason, whether the same call may succeed later, and what to do. */
const FAILURES: Readonly<Record<string, readonly [FailureReason, boolean, string]>> = {
  AccessDenied: ['access-denied', false, 'Grant the permission acme.kms.use on this key.'],
  BadCiphertext: ['corrupt', false, 'Check that the envelope is unaltered, and its context.'],
  Throttled: ['throttled', true, 'Ask Acme for a higher quota, or try again later.'],
};

/** A keyring for one key of Acme KMS, which is named by its resolved id. */
export function acmeKeyring({ client, keyId }: { client: AcmeClient; keyId: string }): Keyring {
  const self = { provider: PROVIDER, name: keyId, keks: [{ provider: PROVIDER, keyId }] };
  const send = async (operation: 'wrap' | 'unwrap', bytes: Uint8Array, context: Uint8Array, signal: AbortSignal) => {
    throwIfAborted(signal);
    try {
      const answer = client[operation === 'wrap' ? 'encrypt' : 'decrypt']({ keyId, bytes, context, signal });
      return await abortable(answer, signal, (late) => void late.bytes.fill(0));
    } catch (error) {
      throwIfAborted(signal);
      const known = FAILURES[(error as { code?: string }).code ?? ''];
      const [reason, retryable, remedy] = known ?? ['unknown', false, 'See what the Acme client threw, in the cause.'];
      const failure = { provider: PROVIDER, keyring: keyId, keyId, operation, reason, retryable, remedy };
      throw keyringError(failure, 'Acme KMS did not do it.', error);
    }
  };
  return {
    specificationVersion: 'keyring-v1',
    ...self,
    async wrap({ keyMaterial, context, signal }) {
      const { keyId: resolved, bytes } = await send('wrap', keyMaterial, context.digest, signal);
      const key = { provider: PROVIDER, keyId: resolved, keyVersion: '', algorithm: ALGORITHM, ciphertext: bytes };
      return { wrappedKeys: [key] };
    },
    unwrap: async (request) =>
      await unwrapEach(self, request, (key) => {
        if (key.keyId !== keyId || key.keyVersion !== '' || key.algorithm !== ALGORITHM) return undefined;
        return async () => (await send('unwrap', key.ciphertext, request.context.digest, request.signal)).bytes;
      }),
  };
}
