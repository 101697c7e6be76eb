/**
 * For authors of keyrings: the contract, and what its rules have in common.
 *
 * @packageDocumentation
 */
import { engine } from '../engine/engine.js';
import type { Engine } from '../engine/types.js';

export { abortableItems } from '../cancellation/abortable-items.js';
export { abortable, abortError, throwIfAborted } from '../cancellation/abortable.js';
export { onAbort } from '../cancellation/on-abort.js';
export { encryptionContext } from '../context/context-input.js';
export type { ContextInput } from '../context/context-input.js';
export { copyOfContext } from '../context/encryption-context.js';
export type { EncryptionContext } from '../context/encryption-context.js';
export type { AesGcm, Awaitable, Engine, HkdfSha512 } from '../engine/types.js';
export * from '../errors/index.js';
export { invalidArgument } from '../errors/throw.js';
export { DATA_KEY_LENGTH } from '../format/constants.js';
export { encodeQuorum, MAX_QUORUM_SHARES, parseQuorum, QUORUM_ALGORITHM, QUORUM_PROVIDER } from '../format/quorum.js';
export type { Quorum, QuorumShare } from '../format/quorum.js';
export { isPending } from '../format/wrapped-key.js';
export type { WrappedKey } from '../format/wrapped-key.js';
export { assertKeyring } from '../message/options.js';
export { assertMilliseconds, timedOut } from '../multi/deadline.js';
export { Tracer } from '../multi/trace.js';
export type { KeyringTrace, TraceReason } from '../multi/trace.js';
export { assertKeyMaterial, assertOptions, readMaxAttempts, readTimeout } from './arguments.js';
export { checkByUse } from './check-by-use.js';
export type { KeyInUse } from './check-by-use.js';
export { isBrokenConnection, isUntrustedConnection } from './connection-codes.js';
export { attemptsOf, keyringError, unwrapFailed, wrapFailed } from './keyring-error.js';
export * from './keyring.js';
export { areWrappedKeys, isDataKey, isUnwrapResult, keyringContract, wipeKeyMaterial } from './data-key.js';
export { listKeks } from './list-keks.js';
export { publicHalfKeyring } from './public-half-keyring.js';
export type { PublicHalf, PublicHalfKeyring } from './public-half-keyring.js';
export { importRsaPublicKey, modulusLengthOf, readRsaPublicKey, sealOaep } from './rsa-public-key.js';
export type { PublicKeyInput, PublicKeySource } from './rsa-public-key.js';
export { printable, saying } from './service-words.js';
export { singleFlight } from './single-flight.js';
export { notAccepted, unwrapEach } from './unwrap-each.js';
export { DeadlineExceeded, withDeadline } from './with-deadline.js';
export { withRetries } from './with-retries.js';

/** The primitives of the engine that this runtime uses, for keyrings that do cryptography of their own. */
export const primitives: Omit<Engine, 'allocate'> = engine;
