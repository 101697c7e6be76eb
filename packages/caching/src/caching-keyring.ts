import type { Keyring } from '@keyfold/core/keyring';
import { readOptions } from './settings.js';
import type { CachingKeyringOptions } from './settings.js';
import { UnwrappedKeys } from './unwrapped-keys.js';
import { WritingKeys } from './writing-keys.js';

/** A keyring that remembers data keys. */
export interface CachingKeyring extends Keyring {
  /**
   * Wipes all that is remembered: the next message, and the next envelope, ask the KMS again. Call it when a key was
   * disabled or a permission taken away, and before a process hands its memory on.
   */
  clear(): void;
}

/**
 * A keyring that asks another one, and its KMS, less often.
 *
 * - **To write**, a data key serves up to `maxMessages` messages of one encryption context, for `maxAge` ms. Every message
 *   still has keys of its own, derived from its random message id (specification, "Keys").
 * - **To open**, an unwrapped data key is remembered for `maxAge` ms, under the context and every field of the wrapped key. It
 *   is remembered, and used again, only where the header's MAC verifies under it.
 * - Callers who want the same at the same time share one call.
 * - Data keys (32 bytes) are wiped when they leave the cache.
 *
 * Who takes one data key from this process's memory opens every message that was written under it, and whoever loses a
 * permission keeps it here until `maxAge` has passed; so do audit logs see one call where there were many messages.
 * Wrapping a given data key, as a rewrap does, and `check` go to the KMS each time. Do not give one to a recovery drill, which is to
 * find out what the KMS says.
 *
 * @throws `invalid-argument`. Its operations throw what those of the keyring inside do, and `keyring-contract`
 * @example
 * ```ts
 * import { decrypt, encrypt } from '@keyfold/core';
 * import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
 * import { cachingKeyring } from '@keyfold/caching';
 *
 * const inner = rawAesKeyring({ name: 'app-2026', key: generateAesKey() }); // of a KMS, where it is worth it
 * const keyring = cachingKeyring({ keyring: inner, maxMessages: 1_000, maxAge: 60_000 });
 * const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring, context: { tenant: 'acme' } });
 * const plaintext = await decrypt(envelope, { keyring, context: { tenant: 'acme' } });
 * ```
 */
export function cachingKeyring(options: CachingKeyringOptions): CachingKeyring {
  const settings = readOptions(options);
  const { keyring } = settings;
  const writing = new WritingKeys(settings);
  const unwrapped = new UnwrappedKeys(settings);
  return {
    specificationVersion: 'keyring-v1',
    provider: keyring.provider,
    name: keyring.name,
    keks: keyring.keks,
    wrap: async (request) => await keyring.wrap(request),
    unwrap: async (request) => await unwrapped.unwrap(request),
    generate: async (request) => await writing.generate(request),
    ...(keyring.check === undefined ? {} : { check: keyring.check.bind(keyring) }),
    clear() {
      writing.clear();
      unwrapped.clear();
    },
  };
}
