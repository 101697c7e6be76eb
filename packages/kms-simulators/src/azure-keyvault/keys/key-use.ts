import { forbidden } from '../protocol/vault-error.js';
import type { KeyVersion } from './key.js';

/** What a key can be used for here. */
export type KeyUse = 'encrypt' | 'decrypt' | 'wrapKey' | 'unwrapKey';

/** @throws VaultError `Forbidden` unless this version may be used so now */
export function requireUse({ enabled, notBefore, expires, operations }: KeyVersion, use: KeyUse, now: number): void {
  if (!enabled) throw forbidden('KeyDisabled', `Operation ${use} is not allowed on a disabled key.`);
  // What was encrypted while a key was valid must stay readable, so its times bind encryption alone.
  const makes = use === 'encrypt' || use === 'wrapKey';
  if (makes && notBefore !== undefined && now < notBefore) {
    throw forbidden(undefined, `Operation ${use} is not allowed on a key that is not yet valid.`);
  }
  if (makes && expires !== undefined && now >= expires) throw forbidden(undefined, `Operation ${use} is not allowed on an expired key.`);
  if (!operations.includes(use)) throw forbidden('KeyOperationForbidden', `Operation ${use} is not permitted on this key.`);
}
