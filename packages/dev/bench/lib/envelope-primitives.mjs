// What of Keyfold's time no program can save that writes this format: the calls into node:crypto that one message
// needs under a local AES-256 key, and nothing around them.
import { createHmac, randomBytes } from 'node:crypto';
import { openRawMessage, rawCipher } from './raw.mjs';

const NONCE = new Uint8Array(12);
/** Of the length that they have in a message without a context. */
const WRAP_INFO = randomBytes(90);
const MESSAGE_INFO = randomBytes(46);
const HEADER = randomBytes(170);

/** @param {'sha256' | 'sha512'} hash @param {Uint8Array} key @param {Uint8Array} data */
const hmac = (hash, key, data) => createHmac(hash, key).update(data).digest();

/**
 * Random bytes; a key for the wrap, the wrap; payload and header key; header MAC; payload.
 *
 * @param {Uint8Array} kek @param {Uint8Array} plaintext
 */
export function sealPrimitives(kek, plaintext) {
  const random = randomBytes(64);
  const dataKey = random.subarray(0, 32);
  const wrapped = rawCipher(hmac('sha512', kek, WRAP_INFO).subarray(0, 32), NONCE, dataKey);
  const keys = messageKeys(dataKey, random.subarray(48));
  return [wrapped, hmac('sha256', keys.subarray(32), HEADER), rawCipher(keys.subarray(0, 32), NONCE, plaintext)];
}

/**
 * The same for opening; `wrapped` and `payload` are raw messages.
 *
 * @param {Uint8Array} kek @param {Uint8Array} wrapped @param {Uint8Array} payload
 */
export function openPrimitives(kek, wrapped, payload) {
  hmac('sha512', kek, WRAP_INFO);
  const dataKey = openRawMessage(kek, wrapped);
  const keys = messageKeys(dataKey, NONCE);
  return [hmac('sha256', keys.subarray(32), HEADER), openRawMessage(kek, payload)];
}

/** HKDF-SHA-512: extract, expand. @param {Uint8Array} dataKey @param {Uint8Array} salt */
function messageKeys(dataKey, salt) {
  return hmac('sha512', hmac('sha512', salt, dataKey), MESSAGE_INFO);
}
