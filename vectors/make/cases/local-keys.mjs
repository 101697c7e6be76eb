// Local keys that must not open a message. What is tested is unwrapping, so no data key is given.
import { constants, publicEncrypt } from 'node:crypto';
import { seeded } from '../bytes.mjs';
import { embedded } from '../entries.mjs';
import { rsaKeks } from '../keks.mjs';
import { wrapAes, wrapRsa } from '../local-raw.mjs';
import { message } from '../message.mjs';
import { aes, exactly, rsa } from '../wraps.mjs';

/** @typedef {import('../wraps.mjs').Wrap} Wrap */

const AES = 'HKDF-SHA512-AES-256-GCM';
const RSA = 'RSA-OAEP-256';

/** @param {import('../collection.mjs').Collection} collection */
export function localKeys(collection) {
  const fails = (
    /** @type {'unwrap-failed' | 'no-matching-key'} */ error,
    /** @type {string} */ name,
    /** @type {string} */ about,
    /** @type {string} */ kek,
    /** @type {Wrap} */ wrap,
  ) => {
    const context = [embedded('tenant', 'acme')];
    const made = message(`local-raw--${name}`, { context, wraps: [wrap] });
    collection.fails(`local-raw--${name}`, about, made, { envelope: made.envelope }, { error }, { onlyKeks: true, keks: [kek] });
  };
  fails('unwrap-failed', 'wrong-aes-key', 'A KEK with the right name and other bytes.', 'vectors (other bytes)', aes('vectors'));
  fails('no-matching-key', 'unknown-name', 'A KEK with another name.', 'other', aes('vectors'));
  fails('no-matching-key', 'unknown-algorithm', 'The right name, and an algorithm that is none.', 'vectors',
    aes('vectors', { algorithm: 'AES-256-GCM' }));
  fails('no-matching-key', 'rsa-algorithm', 'The name of an AES KEK with the algorithm of an RSA KEK.', 'vectors',
    aes('vectors', { algorithm: RSA }));
  fails('no-matching-key', 'key-version', 'A version, which local keys have not.', 'vectors', aes('vectors', { keyVersion: '1' }));
  fails('unwrap-failed', 'aes-other-context', 'A wrapped key of another context.', 'vectors', (subject) =>
    aes('vectors')({ ...subject, contextDigest: Buffer.alloc(32) }));
  fails('unwrap-failed', 'aes-other-name', 'Wrapped under the same bytes by another name.', 'vectors', ({ vector, dataKey, contextDigest }) => {
    const kek = Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => 0x20 + i));
    const { ciphertext } = wrapAes({ name: 'vector', kek, wrapId: seeded(vector, 'wrap id', 16), contextDigest, keyMaterial: dataKey });
    return { wrappedKey: { provider: 'local-raw', keyId: 'vectors', algorithm: AES, ciphertext } };
  });
  for (const [how, change] of /** @type {[string, (bytes: Buffer) => Buffer][]} */ ([
    ['wrap-id', (bytes) => flip(bytes, 0)],
    ['data-key', (bytes) => flip(bytes, 16)],
    ['tag', (bytes) => flip(bytes, 63)],
    ['short', (bytes) => bytes.subarray(0, -1)],
    ['long', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ['one-byte', (bytes) => bytes.subarray(0, 1)],
  ])) {
    fails('unwrap-failed', `aes-ciphertext-${how}`, `A wrapped key that was changed: ${how.replace('-', ' ')}.`, 'vectors', (subject) => {
      const { wrappedKey } = aes('vectors')(subject);
      return { wrappedKey: { ...wrappedKey, ciphertext: change(Buffer.from(wrappedKey.ciphertext ?? [])) } };
    });
  }
  rsaKeys(fails);
}

/** @param {(error: 'unwrap-failed' | 'no-matching-key', name: string, about: string, kek: string, wrap: Wrap) => void} fails */
function rsaKeys(fails) {
  const kek = rsaKeks['rsa-2048'];
  /** @type {(make: (subject: import('../wraps.mjs').Subject, seed: Buffer) => Buffer) => Wrap} */
  const wrapped = (make) => (subject) => {
    const ciphertext = make(subject, seeded(subject.vector, 'OAEP seed', 32));
    return exactly({ provider: 'local-raw', keyId: 'rsa-2048', algorithm: RSA, ciphertext })(subject);
  };
  fails('unwrap-failed', 'wrong-rsa-key', 'Wrapped under another RSA key of the same name.', 'rsa-2048', (subject) => {
    const { wrappedKey } = rsa('rsa-4096')(subject);
    return { wrappedKey: { ...wrappedKey, keyId: 'rsa-2048' } };
  });
  fails('no-matching-key', 'rsa-pkcs1-algorithm', 'An algorithm that would make of the key a padding oracle.', 'rsa-2048', (subject) => {
    const { wrappedKey } = rsa('rsa-2048')(subject);
    return { wrappedKey: { ...wrappedKey, algorithm: 'RSA1_5' } };
  });
  fails('unwrap-failed', 'rsa-oaep-label', 'OAEP with a label.', 'rsa-2048',
    wrapped(({ dataKey }, seed) => wrapRsa({ ...kek, seed, keyMaterial: dataKey, label: 'label' })));
  fails('unwrap-failed', 'rsa-short-key', 'A data key of 31 bytes.', 'rsa-2048',
    wrapped(({ dataKey }, seed) => wrapRsa({ ...kek, seed, keyMaterial: dataKey.subarray(0, 31) })));
  fails('unwrap-failed', 'rsa-short-ciphertext', 'A ciphertext that lost its last byte.', 'rsa-2048',
    wrapped(({ dataKey }, seed) => wrapRsa({ ...kek, seed, keyMaterial: dataKey }).subarray(0, -1)));
  fails('unwrap-failed', 'rsa-not-oaep', 'A data key with zeros before it in the place of OAEP.', 'rsa-2048',
    wrapped(({ dataKey }) => {
      const message = Buffer.concat([Buffer.alloc(kek.bytes - dataKey.length), dataKey]);
      return publicEncrypt({ key: kek.publicKey, padding: constants.RSA_NO_PADDING }, message);
    }));
}

/**
 * @param {Buffer} bytes
 * @param {number} offset
 */
function flip(bytes, offset) {
  const copy = Buffer.from(bytes);
  copy[offset] = /** @type {number} */ (copy[offset]) ^ 1;
  return copy;
}
