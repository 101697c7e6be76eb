// Other libraries, each used as its documentation has it, with a local key and nothing to fetch.
import { buildDecrypt } from '@aws-crypto/decrypt-node';
import { buildEncrypt } from '@aws-crypto/encrypt-node';
import { AlgorithmSuiteIdentifier, CommitmentPolicy } from '@aws-crypto/material-management-node';
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { compactDecrypt, CompactEncrypt } from 'jose';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { readManifest } from '../../lib/workspace.mjs';

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {(plaintext: Uint8Array) => Promise<unknown>} encrypt
 * @property {(plaintext: Uint8Array) => Promise<() => Promise<unknown>>} decrypt Encrypts, and returns what decrypts.
 * @property {number} [target] How fast Keyfold must be against it at 1 KiB.
 */

/** @returns {Promise<Peer[]>} */
export async function peers() {
  return [awsEncryptionSdk(), jose(), await typage()];
}

/** The version that is installed. @param {string} name */
function versionOf(name) {
  return readManifest(fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url))).version;
}

/** Its fastest suite that commits to the key, as Keyfold's does; the default one signs each message as well. */
function awsEncryptionSdk() {
  const keyring = new RawAesKeyringNode({
    keyNamespace: 'bench',
    keyName: 'bench',
    unencryptedMasterKey: new Uint8Array(randomBytes(32)),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  const { encrypt } = buildEncrypt(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const { decrypt } = buildDecrypt(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  /** @type {Peer} */
  const peer = {
    name: `AWS Encryption SDK ${versionOf('@aws-crypto/encrypt-node')}`,
    target: 10,
    encrypt: async (plaintext) => await encrypt(keyring, plaintext, { suiteId }),
    async decrypt(plaintext) {
      const { result } = await encrypt(keyring, plaintext, { suiteId });
      return async () => await decrypt(keyring, result);
    },
  };
  return peer;
}

/** A JWE whose content key is wrapped under a local key, as Keyfold's data key is. */
function jose() {
  const key = new Uint8Array(randomBytes(32));
  /** @param {Uint8Array} plaintext */
  const encrypt = async (plaintext) =>
    await new CompactEncrypt(plaintext).setProtectedHeader({ alg: 'A256GCMKW', enc: 'A256GCM' }).encrypt(key);
  /** @type {Peer} */
  const peer = {
    name: `jose ${versionOf('jose')} (A256GCMKW)`,
    encrypt,
    async decrypt(plaintext) {
      const jwe = await encrypt(plaintext);
      return async () => await compactDecrypt(jwe, key);
    },
  };
  return peer;
}

/** The age format in TypeScript, to an X25519 recipient. */
async function typage() {
  const identity = await generateX25519Identity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  /** @type {Peer} */
  const peer = {
    name: `typage ${versionOf('age-encryption')} (X25519)`,
    encrypt: async (plaintext) => await encrypter.encrypt(plaintext),
    async decrypt(plaintext) {
      const envelope = await encrypter.encrypt(plaintext);
      return async () => await decrypter.decrypt(envelope);
    },
  };
  return peer;
}
