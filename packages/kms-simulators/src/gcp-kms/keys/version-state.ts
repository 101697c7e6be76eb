import { failedPrecondition } from '../protocol/service-error.js';
import type { CryptoKey, KeyMaterial, KeyVersion } from './crypto-key.js';
import type { KeyPurpose } from './algorithms.js';
import { cryptoKeyName, versionName } from './resource-name.js';

/** The secret of a version that may be used now. @throws ServiceError `FAILED_PRECONDITION` */
export function usableMaterial(key: CryptoKey, version: KeyVersion): KeyMaterial {
  requireEnabled(key, version);
  if (version.material === undefined) throw new TypeError('An enabled version has lost its key material.');
  return version.material;
}

/** @throws ServiceError `FAILED_PRECONDITION` */
export function requireEnabled(key: CryptoKey, version: KeyVersion): void {
  if (version.state === 'ENABLED') return;
  throw failedPrecondition(`${versionName({ ...key, ...version })} is not enabled, current state is: ${version.state}.`);
}

/** @throws ServiceError `FAILED_PRECONDITION` unless the key is of this purpose. */
export function requirePurpose(key: CryptoKey, purpose: KeyPurpose): void {
  if (key.purpose === purpose) return;
  throw failedPrecondition(`${cryptoKeyName(key)} has purpose ${key.purpose}, and this operation requires ${purpose}.`);
}
