import { asymmetricDecrypt } from './asymmetric-decrypt.js';
import { createCryptoKey, getCryptoKey, listCryptoKeys, updateCryptoKey, updateCryptoKeyPrimaryVersion } from './crypto-keys.js';
import { decrypt } from './decrypt.js';
import { encrypt } from './encrypt.js';
import { getPublicKey } from './get-public-key.js';
import { createKeyRing, getKeyRing, listKeyRings } from './key-rings.js';
import type { Operation } from './operation.js';
import {
  createCryptoKeyVersion,
  destroyCryptoKeyVersion,
  getCryptoKeyVersion,
  listCryptoKeyVersions,
  restoreCryptoKeyVersion,
  updateCryptoKeyVersion,
} from './versions.js';

/** An operation, and the IAM permission that it needs. */
export interface ServedOperation {
  readonly run: Operation;
  readonly permission: string;
}

/** The operations that are simulated, by the names that the service gives them. */
export const OPERATIONS: ReadonlyMap<string, ServedOperation> = new Map(
  Object.entries({
    AsymmetricDecrypt: { run: asymmetricDecrypt, permission: 'cloudkms.cryptoKeyVersions.useToDecrypt' },
    CreateCryptoKey: { run: createCryptoKey, permission: 'cloudkms.cryptoKeys.create' },
    CreateCryptoKeyVersion: { run: createCryptoKeyVersion, permission: 'cloudkms.cryptoKeyVersions.create' },
    CreateKeyRing: { run: createKeyRing, permission: 'cloudkms.keyRings.create' },
    Decrypt: { run: decrypt, permission: 'cloudkms.cryptoKeyVersions.useToDecrypt' },
    DestroyCryptoKeyVersion: { run: destroyCryptoKeyVersion, permission: 'cloudkms.cryptoKeyVersions.destroy' },
    Encrypt: { run: encrypt, permission: 'cloudkms.cryptoKeyVersions.useToEncrypt' },
    GetCryptoKey: { run: getCryptoKey, permission: 'cloudkms.cryptoKeys.get' },
    GetCryptoKeyVersion: { run: getCryptoKeyVersion, permission: 'cloudkms.cryptoKeyVersions.get' },
    GetKeyRing: { run: getKeyRing, permission: 'cloudkms.keyRings.get' },
    GetPublicKey: { run: getPublicKey, permission: 'cloudkms.cryptoKeyVersions.viewPublicKey' },
    ListCryptoKeys: { run: listCryptoKeys, permission: 'cloudkms.cryptoKeys.list' },
    ListCryptoKeyVersions: { run: listCryptoKeyVersions, permission: 'cloudkms.cryptoKeyVersions.list' },
    ListKeyRings: { run: listKeyRings, permission: 'cloudkms.keyRings.list' },
    RestoreCryptoKeyVersion: { run: restoreCryptoKeyVersion, permission: 'cloudkms.cryptoKeyVersions.restore' },
    UpdateCryptoKey: { run: updateCryptoKey, permission: 'cloudkms.cryptoKeys.update' },
    UpdateCryptoKeyPrimaryVersion: { run: updateCryptoKeyPrimaryVersion, permission: 'cloudkms.cryptoKeys.update' },
    UpdateCryptoKeyVersion: { run: updateCryptoKeyVersion, permission: 'cloudkms.cryptoKeyVersions.update' },
  }),
);
