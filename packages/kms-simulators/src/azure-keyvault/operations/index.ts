import { createKey, rotateKey } from './create-key.js';
import { cryptography } from './cryptography.js';
import { getKey } from './get-key.js';
import type { Operation } from './operation.js';
import { updateKey } from './update-key.js';

/** An operation, and what it is called where permissions are given. */
export interface ServedOperation {
  readonly run: Operation;
  readonly permission: string;
}

/** The operations that are simulated, named as the service's documentation names them, without spaces. */
export const OPERATIONS: ReadonlyMap<string, ServedOperation> = new Map(
  Object.entries({
    CreateKey: { run: createKey, permission: 'create' },
    Decrypt: { run: cryptography('decrypt'), permission: 'decrypt' },
    Encrypt: { run: cryptography('encrypt'), permission: 'encrypt' },
    GetKey: { run: getKey, permission: 'get' },
    RotateKey: { run: rotateKey, permission: 'rotate' },
    UnwrapKey: { run: cryptography('unwrapKey'), permission: 'unwrapKey' },
    UpdateKey: { run: updateKey, permission: 'update' },
    WrapKey: { run: cryptography('wrapKey'), permission: 'wrapKey' },
  }),
);
