/**
 * A keyring around another one that spares calls to its KMS.
 *
 * @packageDocumentation
 */
export { cachingKeyring } from './caching-keyring.js';
export type { CachingKeyring } from './caching-keyring.js';
export type { CachingKeyringOptions } from './settings.js';
