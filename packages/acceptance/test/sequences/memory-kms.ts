import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keyring } from '@keyfold/core';
import { keyringError, unwrapEach } from '@keyfold/core/keyring';
import type { FailureReason, UnwrapRequest, UnwrapResult, WrapRequest, WrapResult } from '@keyfold/core/keyring';

/** A KEK with versions, in a key service that lives in memory: a real one, but for its size. */
export class MemoryKek {
  readonly provider: string;
  readonly name: string;
  /** `lies`: it answers every unwrap with something else. */
  state: 'up' | 'down' | 'lies' = 'up';
  /** The key of each version; none once it was destroyed. */
  readonly versions: (Buffer | undefined)[] = [randomBytes(32)];

  constructor(provider: string, name: string) {
    this.provider = provider;
    this.name = name;
  }

  /** The version that wraps. */
  get current(): number {
    return this.versions.length - 1;
  }

  get canWrap(): boolean {
    return this.state !== 'down' && this.versions[this.current] !== undefined;
  }

  canOpen(version: number): boolean {
    return this.state === 'up' && this.versions[version] !== undefined;
  }

  rotate(): void {
    if (this.versions[this.current] !== undefined) this.versions.push(randomBytes(32));
  }

  /** Destroys every version before this one. */
  destroyBefore(version: number): void {
    this.versions.fill(undefined, 0, version);
  }

  encrypt(plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
    const key = this.versions[this.current];
    if (this.state === 'down' || key === undefined) throw this.#refuse('wrap', this.state === 'down' ? 'unavailable' : 'pending-deletion');
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
    return new Uint8Array(Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  }

  decrypt(version: number, ciphertext: Uint8Array, aad: Uint8Array): Uint8Array {
    const key = this.versions[version];
    if (this.state === 'down' || key === undefined) throw this.#refuse('unwrap', this.state === 'down' ? 'unavailable' : 'pending-deletion');
    if (this.state === 'lies') return new Uint8Array(randomBytes(32));
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(0, 12)).setAAD(aad);
      decipher.setAuthTag(ciphertext.subarray(-16));
      return new Uint8Array(Buffer.concat([decipher.update(ciphertext.subarray(12, -16)), decipher.final()]));
    } catch {
      throw this.#refuse('unwrap', 'corrupt');
    }
  }

  #refuse(operation: 'wrap' | 'unwrap', reason: FailureReason): Error {
    const { provider, name } = this;
    return keyringError({ provider, keyring: name, keyId: name, operation, reason, retryable: false, remedy: 'Repair it.' }, 'No.');
  }
}

/** The keyring of one such KEK. */
export function memoryKeyring(kek: MemoryKek): Keyring {
  const { provider, name } = kek;
  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider,
    name,
    keks: [{ provider, keyId: name }],
    wrap: async ({ keyMaterial, context }: WrapRequest): Promise<WrapResult> => {
      await Promise.resolve();
      const ciphertext = kek.encrypt(keyMaterial, context.digest);
      return { wrappedKeys: [{ provider, keyId: name, keyVersion: String(kek.current), algorithm: 'A256GCM', ciphertext }] };
    },
    unwrap: async (request: UnwrapRequest): Promise<UnwrapResult | null> =>
      await unwrapEach(keyring, request, ({ keyId, keyVersion, ciphertext }) =>
        keyId === name
          ? async () => { await Promise.resolve(); return kek.decrypt(Number(keyVersion), ciphertext, request.context.digest); }
          : undefined),
  };
  return keyring;
}

/** Whoever has all that a KEK ever was, and tries it on whatever a header holds. */
export function burglar(kek: MemoryKek): Keyring {
  const { provider, name } = kek;
  const self: Keyring = {
    ...memoryKeyring(kek),
    unwrap: async (request) => {
      for (const wrappedKey of request.wrappedKeys) {
        for (const version of kek.versions.keys()) {
          try {
            const keyMaterial = kek.decrypt(version, wrappedKey.ciphertext, request.context.digest);
            if (await request.accepts(keyMaterial)) return { keyMaterial, wrappedKey };
          } catch {
            // It was another KEK's.
          }
        }
      }
      throw keyringError({ provider, keyring: name, keyId: name, operation: 'unwrap', reason: 'corrupt', retryable: false, remedy: 'None.' }, 'Nothing opens.');
    },
  };
  return self;
}
