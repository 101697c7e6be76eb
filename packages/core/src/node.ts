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
export { inspectFile, readHeader } from './file/inspect-file.js';
export type { OnProgress, Progress } from './file/progress.js';
export { repairFile } from './file/repair-file.js';
export type { FileRepairResult, RepairFileOptions } from './file/repair-file.js';
export { rewrapFile } from './file/rewrap-file.js';
export type { RewrapFileOptions } from './file/rewrap-file.js';
export type { FileRewrapResult } from './file/change-file.js';
