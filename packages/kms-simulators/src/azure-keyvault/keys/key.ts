import type { KeyObject } from 'node:crypto';

/** What the service calls the type of a key; `-HSM` where an HSM holds it. */
export const KEY_TYPES = ['RSA', 'RSA-HSM', 'oct-HSM'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** What a key may be used for. */
export const KEY_OPERATIONS = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey', 'import', 'export'] as const;
export type KeyOperation = (typeof KEY_OPERATIONS)[number];

/** A key of one vault, with all its versions. Times are milliseconds since 1970. */
export interface Key {
  readonly name: string;
  /** In the order of creation; the last one is the current one. At least one. */
  readonly versions: KeyVersion[];
  /** Set while the key is deleted but can be recovered. */
  deleted: Deletion | undefined;
}

export interface Deletion {
  readonly at: number;
  readonly purgeAt: number;
}

/** One version: a key type, attributes and key material of its own. */
export interface KeyVersion {
  /** 32 hexadecimal digits. */
  readonly version: string;
  readonly kty: KeyType;
  /** Bits. */
  readonly size: number;
  readonly createdAt: number;
  readonly material: KeyMaterial;
  updatedAt: number;
  operations: readonly KeyOperation[];
  enabled: boolean;
  notBefore: number | undefined;
  expires: number | undefined;
  tags: Readonly<Record<string, string>>;
}

/** An RSA key pair, or the 16, 24 or 32 bytes of an AES key. */
export type KeyMaterial =
  | { readonly kind: 'rsa'; readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  | { readonly kind: 'oct'; readonly key: Uint8Array<ArrayBuffer> };

export const DAY = 86_400_000;

/** The version that is used where none is named. */
export function currentVersion({ versions }: Key): KeyVersion {
  const version = versions.at(-1);
  if (version === undefined) throw new TypeError('A key has at least one version.');
  return version;
}
