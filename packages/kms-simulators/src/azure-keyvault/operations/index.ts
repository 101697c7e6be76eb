import { createKey, rotateKey } from './create-key.js';
import { cryptography } from './cryptography.js';
import { deleteKey, getDeletedKey, getDeletedKeys, purgeDeletedKey, recoverDeletedKey } from './deletion.js';
import { getKey } from './get-key.js';
import { getKeys, getKeyVersions } from './list-keys.js';
import type { Operation } from './operation.js';
import { updateKey } from './update-key.js';

/** An operation, and what it is called where permissions are given. */
export interface ServedOperation {
  readonly run: Operation;
  readonly permission: string;
}

/** The operations that are simulated, named as the service's REST reference names them, without spaces. */
export const OPERATIONS: ReadonlyMap<string, ServedOperation> = new Map(
  Object.entries({
    CreateKey: { run: createKey, permission: 'create' },
    Decrypt: { run: cryptography('decrypt'), permission: 'decrypt' },
    DeleteKey: { run: deleteKey, permission: 'delete' },
    Encrypt: { run: cryptography('encrypt'), permission: 'encrypt' },
    GetDeletedKey: { run: getDeletedKey, permission: 'get' },
    GetDeletedKeys: { run: getDeletedKeys, permission: 'list' },
    GetKey: { run: getKey, permission: 'get' },
    GetKeys: { run: getKeys, permission: 'list' },
    GetKeyVersions: { run: getKeyVersions, permission: 'list' },
    PurgeDeletedKey: { run: purgeDeletedKey, permission: 'purge' },
    RecoverDeletedKey: { run: recoverDeletedKey, permission: 'recover' },
    RotateKey: { run: rotateKey, permission: 'rotate' },
    UnwrapKey: { run: cryptography('unwrapKey'), permission: 'unwrapKey' },
    UpdateKey: { run: updateKey, permission: 'update' },
    WrapKey: { run: cryptography('wrapKey'), permission: 'wrapKey' },
  }),
);
