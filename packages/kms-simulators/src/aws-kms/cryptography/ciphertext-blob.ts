import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { currentVersion, type SymmetricMaterial } from '../keys/key-material.js';
import { invalidCiphertext } from '../protocol/kms-error.js';
import { canonicalContext, type EncryptionContext } from './encryption-context.js';

/**
 * A CiphertextBlob of a symmetric key, opaque to clients:
 *
 *     magic         6   "KFSIM1"
 *     account      12   ASCII
 *     key id            u8 length ‖ ASCII
 *     material id  32
 *     checksum      8   of everything before: so that a damaged blob is seen to be damaged, and does
 *                       not seem to be another key's
 *     nonce        12
 *     ciphertext        AES-256-GCM; AAD = everything before the nonce ‖ the canonical context
 *     tag          16
 */
export interface CiphertextBlob {
  readonly account: string;
  readonly keyId: string;
  /** 64 hexadecimal digits. */
  readonly materialId: string;
  readonly header: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

const MAGIC = 'KFSIM1';
const CHECKSUM_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts under the current version of a symmetric key. */
export function sealBlob(
  key: { account: string; keyId: string },
  material: SymmetricMaterial,
  plaintext: Uint8Array,
  context: EncryptionContext,
): Uint8Array<ArrayBuffer> {
  const version = currentVersion(material);
  const names = Buffer.concat([
    Buffer.from(`${MAGIC}${key.account}`, 'latin1'),
    Buffer.from([key.keyId.length]),
    Buffer.from(key.keyId, 'latin1'),
    Buffer.from(version.id, 'hex'),
  ]);
  const header = Buffer.concat([names, checksum(names)]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', version.key, nonce);
  cipher.setAAD(Buffer.concat([header, canonicalContext(context)]));
  const ciphertext = [cipher.update(plaintext), cipher.final()];
  return new Uint8Array(Buffer.concat([header, nonce, ...ciphertext, cipher.getAuthTag()]));
}

/**
 * Decrypts with the version that the blob names, current or not.
 *
 * @throws KmsError `InvalidCiphertextException` if the blob or the context is not what was encrypted.
 */
export function openBlob(
  blob: CiphertextBlob,
  material: SymmetricMaterial,
  context: EncryptionContext,
): Uint8Array<ArrayBuffer> {
  const version = material.versions.find(({ id }) => id === blob.materialId);
  if (version === undefined) throw invalidCiphertext();
  const decipher = createDecipheriv('aes-256-gcm', version.key, blob.nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([blob.header, canonicalContext(context)]));
  decipher.setAuthTag(blob.tag);
  try {
    return new Uint8Array(Buffer.concat([decipher.update(blob.ciphertext), decipher.final()]));
  } catch {
    throw invalidCiphertext();
  }
}

/** @throws KmsError `InvalidCiphertextException` if the bytes are no blob of a symmetric key. */
export function parseBlob(bytes: Uint8Array): CiphertextBlob {
  const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  const keyIdFrom = MAGIC.length + 12 + 1;
  const keyIdTo = keyIdFrom + (bytes[keyIdFrom - 1] ?? 0);
  const namesTo = keyIdTo + 32;
  const headerTo = namesTo + CHECKSUM_BYTES;
  const ciphertextFrom = headerTo + NONCE_BYTES;
  const ciphertextTo = bytes.byteLength - TAG_BYTES;
  if (text(0, MAGIC.length) !== MAGIC || ciphertextTo <= ciphertextFrom) throw invalidCiphertext();
  if (!checksum(bytes.subarray(0, namesTo)).equals(bytes.subarray(namesTo, headerTo))) throw invalidCiphertext();
  return {
    account: text(MAGIC.length, MAGIC.length + 12),
    keyId: text(keyIdFrom, keyIdTo),
    materialId: Buffer.from(bytes.subarray(keyIdTo, namesTo)).toString('hex'),
    header: bytes.subarray(0, headerTo),
    nonce: bytes.subarray(headerTo, ciphertextFrom),
    ciphertext: bytes.subarray(ciphertextFrom, ciphertextTo),
    tag: bytes.subarray(ciphertextTo),
  };
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}
