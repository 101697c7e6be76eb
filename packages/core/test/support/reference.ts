// The cryptography of the format once more, by WebCrypto and from its description alone: what the code under test writes
// must open here, and what is made here, right or wrong in any detail, is what it has to read.
import { concat, copy, utf8 } from './bytes.js';
import { rawHeader, u16, u32, u8 } from './raw-header.js';
import type { RawHeader } from './raw-header.js';

export interface ReferenceKeys {
  readonly payloadKey: Uint8Array;
  readonly headerKey: Uint8Array;
}

type Pairs = readonly (readonly [key: string, value: string])[];

/** The keys of a message. `pairs` are all of its context, external values included, in order. */
export async function referenceKeys(dataKey: Uint8Array, header: Uint8Array, pairs: Pairs = []): Promise<ReferenceKeys> {
  const text = (value: string): Uint8Array => concat(u16(utf8(value).length), utf8(value));
  const context = concat(u16(pairs.length), ...pairs.flatMap(([key, value]) => [text(key), text(value)]));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', context));
  const key = await crypto.subtle.importKey('raw', copy(dataKey), 'HKDF', false, ['deriveBits']);
  const info = concat(utf8('keyfold/v1'), header.subarray(12, 16), digest);
  const algorithm = { name: 'HKDF', hash: 'SHA-512', salt: copy(header.subarray(16, 32)), info };
  const output = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 512));
  return { payloadKey: output.subarray(0, 32), headerKey: output.subarray(32) };
}

/** The header with the MAC that this key gives. */
export async function referenceMac(header: Uint8Array, headerKey: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', copy(headerKey), algorithm, false, ['sign']);
  const covered = copy(header.subarray(0, header.length - 32));
  return concat(covered, new Uint8Array(await crypto.subtle.sign('HMAC', key, covered)));
}

export interface ReferenceSegment {
  readonly plaintext: Uint8Array;
  /** Its number. Default: its place in the list. */
  readonly index?: number;
  /** Whether it says that it is the last. Default: whether it is the last of the list. */
  readonly last?: boolean;
}

export async function referenceSegment(
  payloadKey: Uint8Array,
  index: number,
  last: boolean,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const algorithm = { name: 'AES-GCM', iv: nonce(index, last) };
  const key = await crypto.subtle.importKey('raw', copy(payloadKey), 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, copy(plaintext)));
}

/** A header and a payload under a known data key, with a MAC that verifies whatever the fields say. */
export async function referenceMessage(
  dataKey: Uint8Array,
  fields: RawHeader & { readonly pairs?: Pairs; readonly segments?: readonly ReferenceSegment[] } = {},
): Promise<{ readonly header: Uint8Array<ArrayBuffer>; readonly payload: Uint8Array<ArrayBuffer> }> {
  const unauthenticated = rawHeader(fields);
  const { payloadKey, headerKey } = await referenceKeys(dataKey, unauthenticated, fields.pairs);
  const header = await referenceMac(unauthenticated, headerKey);
  const segments = fields.segments ?? [{ plaintext: new Uint8Array(0) }];
  const sealed: Uint8Array[] = [];
  for (const [i, { plaintext, index, last }] of segments.entries()) {
    sealed.push(await referenceSegment(payloadKey, index ?? i, last ?? i === segments.length - 1, plaintext));
  }
  return { header, payload: concat(header.subarray(16, 32), ...sealed) };
}

/** The plaintext of a well-formed envelope. Throws when the MAC or a tag does not verify. */
export async function referenceOpen(envelope: Uint8Array, dataKey: Uint8Array, pairs: Pairs = []): Promise<Uint8Array> {
  const headerLength = new DataView(envelope.buffer, envelope.byteOffset).getUint32(8);
  const header = envelope.subarray(0, headerLength);
  const payload = envelope.subarray(headerLength);
  const { payloadKey, headerKey } = await referenceKeys(dataKey, header, pairs);
  const expected = await referenceMac(header, headerKey);
  if (!header.every((byte, i) => byte === expected[i])) throw new Error('The MAC does not verify.');
  if (!header.subarray(16, 32).every((byte, i) => byte === payload[i])) throw new Error('Another message id.');
  const key = await crypto.subtle.importKey('raw', copy(payloadKey), 'AES-GCM', false, ['decrypt']);
  const sealedSize = 2 ** (header[14] as number) + 16;
  const plaintext: Uint8Array[] = [];
  for (let at = 16, index = 0; index === 0 || at < payload.length; at += sealedSize, index++) {
    const algorithm = { name: 'AES-GCM', iv: nonce(index, at + sealedSize >= payload.length) };
    const sealed = copy(payload.subarray(at, at + sealedSize));
    plaintext.push(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed)));
  }
  return concat(...plaintext);
}

function nonce(index: number, last: boolean): Uint8Array<ArrayBuffer> {
  return concat(new Uint8Array(7), u32(index), u8(last ? 1 : 0));
}
