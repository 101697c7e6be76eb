import { DATA_KEY_LENGTH, primitives } from '@keyfold/core/keyring';
import type { HkdfSha512 } from '@keyfold/core/keyring';

/** Sizes in bytes. */
const WRAP_ID_LENGTH = 16;
const DIGEST_LENGTH = 32;
const TAG_LENGTH = 16;
const WRAPPED_LENGTH = WRAP_ID_LENGTH + DATA_KEY_LENGTH + TAG_LENGTH;

const LABEL = new TextEncoder().encode('keyfold/v1/local-raw');
/** Each wrap has a key of its own, so one nonce serves them all. */
const NONCE = new Uint8Array(12);

/** Wraps and unwraps data keys under one KEK: see "How a data key is wrapped" in this package's README. */
export interface Wrapping {
  /** The 64 bytes of a wrapped key. */
  seal(kek: HkdfSha512, keyMaterial: Uint8Array, contextDigest: Uint8Array): Promise<Uint8Array>;
  /** The 32 bytes of a data key, or `undefined` if the wrapped key does not verify. */
  open(kek: HkdfSha512, wrapped: Uint8Array, contextDigest: Uint8Array): Promise<Uint8Array | undefined>;
}

export function wrappingFor(name: string): Wrapping {
  const nameBytes = new TextEncoder().encode(name);
  const nameAt = LABEL.length + WRAP_ID_LENGTH;
  const digestAt = nameAt + 1 + nameBytes.length;
  const template = new Uint8Array(digestAt + DIGEST_LENGTH);
  template.set(LABEL);
  template[nameAt] = nameBytes.length;
  template.set(nameBytes, nameAt + 1);

  /** The key of one wrap: its random id, the KEK's name and the encryption context go into HKDF's `info`. */
  const wrappingKey = async (kek: HkdfSha512, wrapId: Uint8Array, contextDigest: Uint8Array): Promise<Uint8Array> => {
    const info = template.slice();
    info.set(wrapId, LABEL.length);
    info.set(contextDigest, digestAt);
    return await kek.expand(info, DATA_KEY_LENGTH);
  };

  return {
    async seal(kek, keyMaterial, contextDigest) {
      const wrapId = primitives.randomBytes(WRAP_ID_LENGTH);
      const key = await wrappingKey(kek, wrapId, contextDigest);
      try {
        const gcm = await primitives.aesGcm(key);
        const wrapped = new Uint8Array(WRAPPED_LENGTH);
        wrapped.set(wrapId);
        let at = WRAP_ID_LENGTH;
        for (const part of await gcm.seal(NONCE, keyMaterial)) {
          wrapped.set(part, at);
          at += part.length;
        }
        return wrapped;
      } finally {
        key.fill(0);
      }
    },
    async open(kek, wrapped, contextDigest) {
      if (wrapped.length !== WRAPPED_LENGTH) return undefined;
      const key = await wrappingKey(kek, wrapped.subarray(0, WRAP_ID_LENGTH), contextDigest);
      try {
        const gcm = await primitives.aesGcm(key);
        return await gcm.open(NONCE, wrapped.subarray(WRAP_ID_LENGTH));
      } finally {
        key.fill(0);
      }
    },
  };
}
