/**
 * Envelope encryption with pluggable key management: the envelope format, and the AES-256-GCM engine.
 *
 * @packageDocumentation
 */
export type { ContextInput } from './context/context-input.js';
export type { ContextEntry } from './format/context-entries.js';
export type { Limits } from './format/limits.js';
export { fromText, toText } from './format/text.js';
export type { Keyring } from './keyring/keyring.js';
export { decrypt, decryptDetached } from './message/decrypt.js';
export { encrypt, encryptDetached } from './message/encrypt.js';
export type { DetachedEnvelope } from './message/encrypt.js';
export { inspect } from './message/inspect.js';
export type { EnvelopeInfo, WrappedKeyInfo } from './message/inspect.js';
export type { DecryptOptions, EncryptOptions } from './message/options.js';
export type { EnvelopeReader } from './range/envelope-reader.js';
export type { PlaintextRange } from './range/envelope-reader.js';
export { multiKeyring } from './multi/multi-keyring.js';
export type { MultiKeyringOptions } from './multi/multi-keyring.js';
export type { KeyringTrace, TraceReason } from './multi/trace.js';
export type { MultiMember, WritePolicy } from './multi/write-policy.js';
export { openEnvelope } from './range/open-envelope.js';
export type { OpenEnvelopeOptions } from './range/open-envelope.js';
export { blobSource, bytesSource } from './range/range-source.js';
export type { RangeSource } from './range/range-source.js';
export { repair } from './rewrap/repair.js';
export type { RepairOptions, RepairResult } from './rewrap/repair.js';
export { rewrap } from './rewrap/rewrap.js';
export type { KeyChange, RewrapResult } from './rewrap/rewrap.js';
export { repairAll } from './rewrap/repair-all.js';
export type { RepairAllOptions } from './rewrap/repair-all.js';
export { rewrapAll } from './rewrap/rewrap-all.js';
export type { RewrapAllOptions } from './rewrap/rewrap-all.js';
export type { RewrapOutcome, StoredHeader } from './rewrap/change-all.js';
export type { RewrapReport } from './rewrap/rewrap-report.js';
export type { KeySelector, RewrapOptions } from './rewrap/rewrap-options.js';
export { decryptStream } from './stream/decrypt-stream.js';
export type { DecryptStreamOptions } from './stream/decrypt-stream.js';
export { encryptDetachedStream, encryptStream } from './stream/encrypt-stream.js';
export type { EncryptStreamOptions } from './stream/encrypt-stream.js';
export type { ByteTransform } from './stream/byte-transform.js';
export { keyUsage } from './usage/key-usage.js';
export type { KeyUsage, KeyUsageReport } from './usage/key-usage.js';
export { mayDestroy } from './usage/may-destroy.js';
export type { DestroyVerdict } from './usage/may-destroy.js';
export type { NamedHeader, ReportOptions, UnreadableHeader } from './usage/read-headers.js';
export { canOpen, keksOf } from './usage/ways-in.js';
export type { KekVersion } from './usage/ways-in.js';
export * from './errors/index.js';
