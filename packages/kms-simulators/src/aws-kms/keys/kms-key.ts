import type { KeyMaterial, KeySpec } from './key-material.js';

/** The key usages that the simulator has. A `SIGN_VERIFY` key can be made, but not used. */
export const KEY_USAGES = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** A KMS key in one Region. Times are milliseconds since 1970. */
export interface KmsKey {
  readonly keyId: string;
  readonly account: string;
  readonly region: string;
  readonly description: string;
  readonly keySpec: KeySpec;
  readonly keyUsage: KeyUsage;
  /** The Region of the primary key, for a multi-Region key. */
  readonly primaryRegion: string | undefined;
  readonly createdAt: number;
  /** A replica cannot be used before this time. */
  readonly usableFrom: number;
  readonly material: KeyMaterial;
  enabled: boolean;
  deletion: Deletion | undefined;
}

/** A key that is scheduled for deletion. */
export interface Deletion {
  readonly windowDays: number;
  /** When the key is deleted; `undefined` while replicas of it remain, which go first. */
  at: number | undefined;
}

/** A name that points at a key of the same account and Region. */
export interface Alias {
  /** With its `alias/` prefix. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  keyId: string;
  readonly createdAt: number;
  updatedAt: number;
}

/** Whether this Region holds the primary key of a multi-Region key. */
export function isPrimary(key: KmsKey): boolean {
  return key.primaryRegion === key.region;
}

export const DAY = 86_400_000;
