import type { AcmeCall, AcmeClient } from '../src/acme-keyring.js';

type Answer = ReturnType<AcmeClient['encrypt']>;

/** Stands in for Acme KMS: AES-256-GCM keys in memory, the context as additional data, and errors on demand. */
export class AcmeService implements AcmeClient {
  readonly #keys = new Map<string, Promise<CryptoKey>>();
  /** The error code that every call fails with. */
  failsWith: string | undefined;

  createKey(): string {
    const keyId = `acme:key:${crypto.randomUUID()}`;
    this.#keys.set(keyId, crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']));
    return keyId;
  }

  async encrypt({ keyId, bytes, context }: AcmeCall): Answer {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(gcm(iv, context), await this.#key(keyId), new Uint8Array(bytes));
    return { keyId, bytes: Uint8Array.of(...iv, ...new Uint8Array(sealed)) };
  }

  async decrypt({ keyId, bytes, context }: AcmeCall): Answer {
    const key = await this.#key(keyId);
    try {
      const opened = await crypto.subtle.decrypt(
        gcm(bytes.subarray(0, 12), context),
        key,
        new Uint8Array(bytes.subarray(12)),
      );
      return { keyId, bytes: new Uint8Array(opened) };
    } catch {
      throw acmeError('BadCiphertext');
    }
  }

  async #key(keyId: string): Promise<CryptoKey> {
    if (this.failsWith !== undefined) throw acmeError(this.failsWith);
    const key = await this.#keys.get(keyId);
    if (key === undefined) throw acmeError('NotFound');
    return key;
  }
}

function gcm(iv: Uint8Array, context: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: new Uint8Array(iv), additionalData: new Uint8Array(context) };
}

function acmeError(code: string): Error {
  return Object.assign(new Error(`Acme KMS answered ${code}.`), { code });
}
