import { createAlias, deleteAlias, listAliases, updateAlias } from './aliases.js';
import { createKey } from './create-key.js';
import { decrypt } from './decrypt.js';
import { describeKey, listKeys } from './describe-key.js';
import { disableKey, enableKey } from './enable-disable.js';
import { encrypt } from './encrypt.js';
import { generateDataKey, generateDataKeyWithoutPlaintext } from './generate-data-key.js';
import { getPublicKey } from './get-public-key.js';
import { cancelKeyDeletion, scheduleKeyDeletion } from './key-deletion.js';
import type { Operation } from './operation.js';
import { reEncrypt } from './re-encrypt.js';
import { replicateKey } from './replicate-key.js';
import { getKeyRotationStatus, listKeyRotations, rotateKeyOnDemand } from './rotation.js';

/** The operations that are simulated, by the names that the service gives them. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    CancelKeyDeletion: cancelKeyDeletion,
    CreateAlias: createAlias,
    CreateKey: createKey,
    Decrypt: decrypt,
    DeleteAlias: deleteAlias,
    DescribeKey: describeKey,
    DisableKey: disableKey,
    EnableKey: enableKey,
    Encrypt: encrypt,
    GenerateDataKey: generateDataKey,
    GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
    GetKeyRotationStatus: getKeyRotationStatus,
    GetPublicKey: getPublicKey,
    ListAliases: listAliases,
    ListKeyRotations: listKeyRotations,
    ListKeys: listKeys,
    ReEncrypt: reEncrypt,
    ReplicateKey: replicateKey,
    RotateKeyOnDemand: rotateKeyOnDemand,
    ScheduleKeyDeletion: scheduleKeyDeletion,
    UpdateAlias: updateAlias,
  }),
);
