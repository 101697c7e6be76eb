/**
 * The two ways to wrap a data key, written a second time straight from their description in the README, on node:crypto
 * alone: what the keyrings write must open here, and the other way round.
 */
import { constants, createCipheriv, createDecipheriv, createHash, hkdfSync, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { KeyLike } from 'node:crypto';

export interface Wrapped {
  readonly name: string;
  readonly pairs?: readonly (readonly [string, string])[];
}

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

function contextDigest(pairs: Wrapped['pairs'] = []): Buffer {
  const hash = createHash('sha256').update(u16(pairs.length));
  for (const text of pairs.flat()) hash.update(u16(Buffer.byteLength(text))).update(text);
  return hash.digest();
}

function wrappingKey(kek: Uint8Array, wrapId: Uint8Array, { name, pairs }: Wrapped): Buffer {
  const info = [Buffer.from('keyfold/v1/local-raw'), wrapId, Buffer.from([name.length]), Buffer.from(name), contextDigest(pairs)];
  return Buffer.from(hkdfSync('sha512', kek, Buffer.alloc(0), Buffer.concat(info), 32));
}

export function referenceAesWrap(kek: Uint8Array, wrapId: Uint8Array, dataKey: Uint8Array, wrapped: Wrapped): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(kek, wrapId, wrapped), Buffer.alloc(12));
  return Uint8Array.from(Buffer.concat([wrapId, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]));
}

export function referenceAesUnwrap(kek: Uint8Array, ciphertext: Uint8Array, wrapped: Wrapped): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey(kek, ciphertext.subarray(0, 16), wrapped), Buffer.alloc(12));
  decipher.setAuthTag(ciphertext.subarray(48));
  return Uint8Array.from(Buffer.concat([decipher.update(ciphertext.subarray(16, 48)), decipher.final()]));
}

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const;

export function referenceRsaWrap(publicKey: KeyLike, dataKey: Uint8Array): Uint8Array {
  return Uint8Array.from(publicEncrypt({ key: publicKey, ...OAEP }, dataKey));
}

export function referenceRsaUnwrap(privateKey: KeyLike, ciphertext: Uint8Array): Uint8Array {
  return Uint8Array.from(privateDecrypt({ key: privateKey, ...OAEP }, ciphertext));
}
