/** Keys of node:crypto for the tests of a file; making one takes a while, so they are made once. */
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const made = new Map<string, Pair>();

export function rsaPair(label = 'first', modulusLength = 2048, publicExponent = 65_537): Pair {
  const id = [label, modulusLength, publicExponent].join();
  let pair = made.get(id);
  if (pair === undefined) made.set(id, (pair = generateKeyPairSync('rsa', { modulusLength, publicExponent })));
  return pair;
}

export const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
export const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
export const spkiDer = (key: KeyObject): Uint8Array<ArrayBuffer> => Uint8Array.from(key.export({ type: 'spki', format: 'der' }));
export const pkcs8Der = (key: KeyObject): Uint8Array<ArrayBuffer> => Uint8Array.from(key.export({ type: 'pkcs8', format: 'der' }));
