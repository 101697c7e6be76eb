import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { invalidArgument } from '../protocol/service-error.js';

/**
 * A ciphertext of a symmetric key, opaque to clients:
 *
 *     magic         6   "KFSIMG"
 *     key          16   first bytes of the SHA-256 of the key's name
 *     version       4   big-endian
 *     checksum      8   of everything before: so that a damaged ciphertext is seen to be damaged, and
 *                       does not seem to be another key's
 *     nonce        12
 *     ciphertext        AES-256-GCM; AAD = everything before the nonce ‖ the caller's data
 *     tag          16
 */
export interface Ciphertext {
  readonly keyTag: Buffer;
  readonly version: string;
  readonly header: Buffer;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

const MAGIC = Buffer.from('KFSIMG');
const KEY_TAG_BYTES = 16;
const CHECKSUM_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NAMES_BYTES = MAGIC.length + KEY_TAG_BYTES + 4;
const HEADER_BYTES = NAMES_BYTES + CHECKSUM_BYTES;

/** Encrypts under one version of a symmetric key. */
export function seal(
  keyName: string,
  version: string,
  key: Uint8Array,
  plaintext: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(Number(version));
  const names = Buffer.concat([MAGIC, keyTagOf(keyName), number]);
  const header = Buffer.concat([names, checksum(names)]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.concat([header, additionalData]));
  return Buffer.concat([header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @throws ServiceError `INVALID_ARGUMENT` if the ciphertext or the additional data is not what was sealed. */
export function open({ header, nonce, ciphertext, tag }: Ciphertext, key: Uint8Array, additionalData: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([header, additionalData]));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

/** @throws ServiceError `INVALID_ARGUMENT` if the bytes are no ciphertext of a symmetric key. */
export function parseCiphertext(input: Uint8Array): Ciphertext {
  const bytes = Buffer.from(input);
  if (bytes.byteLength < HEADER_BYTES + NONCE_BYTES + TAG_BYTES) throw invalidCiphertext();
  const names = bytes.subarray(0, NAMES_BYTES);
  const isOurs = names.subarray(0, MAGIC.length).equals(MAGIC) && checksum(names).equals(bytes.subarray(NAMES_BYTES, HEADER_BYTES));
  if (!isOurs) throw invalidCiphertext();
  return {
    keyTag: names.subarray(MAGIC.length, MAGIC.length + KEY_TAG_BYTES),
    version: `${names.readUInt32BE(MAGIC.length + KEY_TAG_BYTES)}`,
    header: bytes.subarray(0, HEADER_BYTES),
    nonce: bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES),
    ciphertext: bytes.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES),
    tag: bytes.subarray(-TAG_BYTES),
  };
}

/** Whether a ciphertext was made with the key of this name. */
export function isOfKey({ keyTag }: Ciphertext, keyName: string): boolean {
  return keyTag.equals(keyTagOf(keyName));
}

export function invalidCiphertext(): Error {
  return invalidArgument('Decryption failed: the ciphertext is invalid.');
}

export function wrongKey(): Error {
  return invalidArgument("Decryption failed: verify that 'name' refers to the correct CryptoKey.");
}

function keyTagOf(keyName: string): Buffer {
  return createHash('sha256').update(keyName).digest().subarray(0, KEY_TAG_BYTES);
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}
