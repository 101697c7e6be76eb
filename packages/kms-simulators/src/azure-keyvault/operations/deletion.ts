import { currentVersion, DAY, type Key } from '../keys/key.js';
import type { Vault } from '../keys/vault.js';
import { VaultError } from '../protocol/vault-error.js';
import type { Operation, OperationContext } from './operation.js';
import { page } from './page.js';
import { keyBundle, keyItem } from './views.js';

/** Deletes a key with all its versions. Until its time is over it can be recovered, or be purged. */
export const deleteKey: Operation = ({ vault, name }, { store, now }) => {
  const key = store.key(vault, name);
  store.update(key, (one) => {
    one.deleted = { at: now, purgeAt: now + vault.softDeleteDays * DAY };
  });
  return keyBundle(vault, key, currentVersion(key));
};

/** A deleted key, and when it will be purged. */
export const getDeletedKey: Operation = ({ vault, name }, context) => {
  const key = deletedKey(vault, name, context);
  return keyBundle(vault, key, currentVersion(key));
};

/** The deleted keys of a vault. */
export const getDeletedKeys: Operation = (request) => {
  const { vault } = request;
  const keys = [...vault.keys.values()].filter(({ deleted }) => deleted !== undefined);
  return page(keys.map((key) => keyItem(vault, key)), 'deletedkeys', request);
};

/** Takes the deletion of a key back; its versions are as they were. */
export const recoverDeletedKey: Operation = ({ vault, name }, context) => {
  const key = deletedKey(vault, name, context);
  context.store.update(key, (one) => {
    one.deleted = undefined;
  });
  return keyBundle(vault, key, currentVersion(key));
};

/** Deletes a key for good, before its time. */
export const purgeDeletedKey: Operation = ({ vault, name }, context) => {
  const key = deletedKey(vault, name, context);
  if (vault.purgeProtection) {
    throw new VaultError(
      403,
      'Forbidden',
      'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge ' +
        `it after the retention period has passed.\r\nVault: ${vault.name};location=${vault.region}`,
    );
  }
  context.store.removeKey(vault, key);
  return undefined;
};

/** @throws VaultError `KeyNotFound` */
function deletedKey(vault: Vault, name: string, { store }: OperationContext): Key {
  const key = store.findKey(vault, name);
  if (key?.deleted === undefined) throw new VaultError(404, 'KeyNotFound', `Deleted Key not found: ${name}`);
  return key;
}
