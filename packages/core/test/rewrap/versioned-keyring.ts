import type { WrappedKey } from '../../src/format/wrapped-key.js';
import { keyringError } from '../../src/keyring/keyring-error.js';
import type { Keyring, UnwrapRequest, UnwrapResult, WrapRequest, WrapResult } from '../../src/keyring/keyring.js';
import { notAccepted, unwrapEach } from '../../src/keyring/unwrap-each.js';
import { concat, copy } from '../support/bytes.js';

const ALGORITHM = 'TEST-A256GCM';

/**
 * A keyring as for a KEK with versions: it wraps with the newest and unwraps with those that were not destroyed.
 * AES-256-GCM by WebCrypto, the context's digest as AAD.
 */
export class VersionedKeyring implements Keyring {
  readonly specificationVersion = 'keyring-v1';
  readonly provider = 'versioned';
  readonly name: string;
  readonly keks: readonly { readonly provider: string; readonly keyId: string }[];
  /** Whether it stands for a public key: then it wraps and cannot unwrap. */
  publicOnly = false;
  wraps = 0;
  unwraps = 0;
  readonly #versions = new Map<string, Promise<CryptoKey>>();
  #newest = 0;

  /** `keyId` is what its wrapped keys say, `alias` what it was configured with, if that is another name. */
  constructor(keyId: string, alias = keyId) {
    this.name = keyId;
    this.keks = [{ provider: this.provider, keyId: alias }];
    this.rotate();
  }

  /** Makes a new version, with which it wraps from now on. */
  rotate(): void {
    this.#newest++;
    this.#versions.set(String(this.#newest), crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']));
  }

  destroy(version: string): void {
    this.#versions.delete(version);
  }

  async wrap({ keyMaterial, context }: WrapRequest): Promise<WrapResult> {
    this.wraps++;
    const keyVersion = String(this.#newest);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const algorithm = { name: 'AES-GCM', iv, additionalData: copy(context.digest) };
    const sealed = await crypto.subtle.encrypt(algorithm, await this.#key(keyVersion), copy(keyMaterial));
    const ciphertext = concat(iv, new Uint8Array(sealed));
    return { wrappedKeys: [{ provider: this.provider, keyId: this.name, keyVersion, algorithm: ALGORITHM, ciphertext }] };
  }

  async unwrap(request: UnwrapRequest): Promise<UnwrapResult | null> {
    return await unwrapEach(this, request, (wrappedKey) =>
      wrappedKey.keyId === this.name ? async () => await this.#open(wrappedKey, request) : undefined,
    );
  }

  async #open({ ciphertext, keyVersion }: WrappedKey, { context }: UnwrapRequest): Promise<Uint8Array> {
    this.unwraps++;
    if (this.publicOnly) throw this.#failure('misconfigured', 'this keyring has no private key.');
    const key = await this.#key(keyVersion);
    const algorithm = { name: 'AES-GCM', iv: copy(ciphertext.subarray(0, 12)), additionalData: copy(context.digest) };
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, copy(ciphertext.subarray(12))));
    } catch {
      throw notAccepted(this, this.name);
    }
  }

  async #key(version: string): Promise<CryptoKey> {
    const key = this.#versions.get(version);
    if (key === undefined) throw this.#failure('pending-deletion', `version ${version} was destroyed.`);
    return await key;
  }

  #failure(reason: 'misconfigured' | 'pending-deletion', message: string): Error {
    const { provider, name } = this;
    return keyringError(
      { provider, keyring: name, keyId: name, operation: 'unwrap', reason, retryable: false, remedy: 'Use another key.' },
      message,
    );
  }
}
