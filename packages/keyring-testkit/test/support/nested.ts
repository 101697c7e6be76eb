import type { Keyring } from '@keyfold/core';
import { notAccepted, unwrapEach } from '@keyfold/core/keyring';
import type { WrappedKey } from '@keyfold/core/keyring';
import type { Composition } from '../../src/index.js';

const PROVIDER = 'nested';
const ALGORITHM = 'NESTED-JSON';

/** Puts what the keyring inside has wrapped into one wrapped key of its own, as a quorum does. */
export const nested: Composition = {
  name: 'nested',
  compose: nest,
  interchangeable: false,
  adapt: ({ keyId: _, keyVersion: __, ...manifest }) => ({
    ...manifest,
    provider: PROVIDER,
    algorithms: [ALGORITHM],
    keyVersions: false,
    generate: false,
    aliases: false,
    wrapsPerKeyring: 1,
  }),
};

function nest(inside: Keyring): Keyring {
  const { name } = inside;
  const keyId = name.replaceAll(' ', '-');
  const check = inside.check?.bind(inside);
  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId }],
    ...(check && { check }),

    async wrap(request) {
      const { wrappedKeys } = await inside.wrap(request);
      return {
        wrappedKeys: [
          { provider: PROVIDER, keyId, keyVersion: '', algorithm: ALGORITHM, ciphertext: pack(wrappedKeys) },
        ],
      };
    },

    async unwrap(request) {
      return await unwrapEach(keyring, request, (key) => {
        if (key.keyId !== keyId || key.keyVersion !== '' || key.algorithm !== ALGORITHM) return undefined;
        return async () => {
          const wrappedKeys = unpack(key.ciphertext);
          const result = wrappedKeys && (await inside.unwrap({ ...request, wrappedKeys }));
          if (!result) throw notAccepted(keyring, keyId);
          return result.keyMaterial;
        };
      });
    },
  };
  return keyring;
}

function pack(wrappedKeys: readonly WrappedKey[]): Uint8Array {
  const plain = wrappedKeys.map((key) => ({ ...key, ciphertext: Buffer.from(key.ciphertext).toString('hex') }));
  return new TextEncoder().encode(JSON.stringify(plain));
}

function unpack(bytes: Uint8Array): WrappedKey[] | undefined {
  try {
    const plain = JSON.parse(new TextDecoder().decode(bytes)) as (Omit<WrappedKey, 'ciphertext'> & {
      ciphertext: string;
    })[];
    return plain.map((key) => ({ ...key, ciphertext: new Uint8Array(Buffer.from(key.ciphertext, 'hex')) }));
  } catch {
    return undefined;
  }
}
