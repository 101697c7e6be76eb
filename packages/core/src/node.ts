/**
 * For Node: envelopes in files, in constant memory, written whole or not at all.
 *
 * @packageDocumentation
 */
export { decryptFile } from './file/decrypt-file.js';
export type { DecryptFileOptions } from './file/decrypt-file.js';
export { encryptFile } from './file/encrypt-file.js';
export type { EncryptFileOptions } from './file/encrypt-file.js';
export { openFileSource } from './file/file-range-source.js';
export type { FileRangeSource } from './file/file-range-source.js';
export type { FileSource } from './file/file-source.js';
export { inspectFile } from './file/inspect-file.js';
export type { OnProgress, Progress } from './file/progress.js';
export { rewrapFile } from './file/rewrap-file.js';
export type { FileRewrapResult, RewrapFileOptions } from './file/rewrap-file.js';
