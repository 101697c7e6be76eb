import type { KeyObject } from 'node:crypto';
import type { KeyAlgorithm, KeyPurpose, ProtectionLevel } from './algorithms.js';
import type { CryptoKeyName, KeyRingName } from './resource-name.js';

/** A key ring. Times are milliseconds since 1970. */
export interface KeyRing extends KeyRingName {
  readonly createdAt: number;
}

/** A key with all its versions. */
export interface CryptoKey extends CryptoKeyName {
  readonly purpose: KeyPurpose;
  readonly protectionLevel: ProtectionLevel;
  /** Of the versions that are made from now on. */
  readonly algorithm: KeyAlgorithm;
  readonly createdAt: number;
  /** How long a version is kept that shall be destroyed, in ms. */
  readonly destroyScheduledMs: number;
  readonly versions: KeyVersion[];
  /** Number of the version that encrypts; `undefined` for RSA keys, and where there is none. */
  primary: string | undefined;
  labels: Readonly<Record<string, string>>;
  /** Rotates by itself: how often in ms, and when next. */
  rotation: { readonly periodMs: number | undefined; readonly nextAt: number } | undefined;
}

export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED' | 'DESTROY_SCHEDULED';

/** One version: key material of its own, and a state of its own. */
export interface KeyVersion {
  readonly version: string;
  readonly algorithm: KeyAlgorithm;
  readonly createdAt: number;
  state: VersionState;
  /** When it will be destroyed, or was. */
  destroyAt: number | undefined;
  /** Gone once it is destroyed. */
  material: KeyMaterial | undefined;
}

/** 32 bytes of an AES-256 key, or an RSA key pair. */
export type KeyMaterial =
  | { readonly kind: 'symmetric'; readonly key: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'rsa'; readonly privateKey: KeyObject; readonly publicKey: KeyObject };

export const DAY = 86_400_000;
