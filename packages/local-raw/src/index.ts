/**
 * Keyrings for keys that you hold yourself: AES-256 for everyday use, and RSA-OAEP as an offline break-glass key.
 *
 * @packageDocumentation
 */
export type { AesKeyInput } from './aes/aes-key-input.js';
export { encodeAesKey, generateAesKey, parseAesKey } from './aes/aes-key-text.js';
export { rawAesKeyring } from './aes/aes-keyring.js';
export type { RawAesKeyringOptions } from './aes/aes-keyring.js';
export type { CryptoKeyLike, Jwk, KeyObjectLike } from './key-like.js';
export { generateRsaKeyPair } from './rsa/generate.js';
export type { GenerateRsaKeyPairOptions, RsaKeyPair } from './rsa/generate.js';
export type { RsaKeyInput } from './rsa/rsa-key-input.js';
export { rawRsaKeyring } from './rsa/rsa-keyring.js';
export type { RawRsaKeyringOptions } from './rsa/rsa-keyring.js';
