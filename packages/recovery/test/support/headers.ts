import { encryptDetached } from '@keyfold/core';
import type { Keyring, NamedHeader } from '@keyfold/core';
import { encodeQuorum } from '@keyfold/core/keyring';
import type { WrappedKey } from '@keyfold/core/keyring';

/** A wrapped key of a header that nobody opens. */
export function wrapped(provider: string, keyId: string, keyVersion = ''): WrappedKey {
  return { provider, keyId, keyVersion, algorithm: 'A', ciphertext: new Uint8Array(8) };
}

export function pending(provider: string, keyId: string): WrappedKey {
  return { provider, keyId, keyVersion: '', algorithm: '', ciphertext: new Uint8Array(0) };
}

/** A quorum over shares, each of which any one of its keys gives. */
export function quorum(name: string, threshold: number, shares: readonly (readonly WrappedKey[])[]): WrappedKey {
  const ciphertext = encodeQuorum({ threshold, shares: shares.map((wrappedKeys, i) => ({ index: i + 1, wrappedKeys })) });
  return { provider: 'quorum', keyId: name, keyVersion: '', algorithm: 'SHAMIR-GF256', ciphertext };
}

/** A real header with these wrapped keys, as a keyring that made them would have it written. */
export async function header(id: string, ...wrappedKeys: readonly WrappedKey[]): Promise<NamedHeader> {
  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider: 'given',
    name: 'given',
    keks: [],
    wrap: async () => await Promise.resolve({ wrappedKeys }),
    unwrap: async () => await Promise.resolve(null),
  };
  return { id, header: (await encryptDetached(new Uint8Array(0), { keyring })).header };
}

export const FRANKFURT = 'arn:aws:kms:eu-central-1:111122223333:key/0c1a1f2e-1111-4a4a-8b8b-000000000001';
export const IRELAND = 'arn:aws:kms:eu-west-1:111122223333:key/0c1a1f2e-1111-4a4a-8b8b-000000000002';
export const BACKUP = 'arn:aws:kms:eu-west-1:444455556666:key/0c1a1f2e-1111-4a4a-8b8b-000000000003';
export const MULTI_REGION = 'arn:aws:kms:eu-central-1:111122223333:key/mrk-000000000000000000000000000000ff';
export const GOOGLE = 'projects/acme-prod/locations/europe-west3/keyRings/app/cryptoKeys/data';
export const AZURE = 'https://acme.vault.azure.net/keys/data';
