import type { Attempt } from './attempt.js';
import type { FormatRule } from './format-rule.js';
import type { FailureReason } from './reason.js';

/**
 * Every error code of Keyfold, and the data that an error with that code carries in `details`. The set is closed:
 * a code is never renamed and never changes its meaning. Sizes and offsets are in bytes.
 */
export interface ErrorDetails {
  /** An argument has the wrong type or value. Nothing was done. `argument` is its name, e.g. `options.context`. */
  'invalid-argument': { readonly argument: string };
  /** The bytes break a rule of the envelope format. `offset` is where in the header (or the text) it was seen. */
  malformed: { readonly rule: FormatRule; readonly offset: number };
  /** The input ended too early. `expected` is the least length that it should have had, where that is known. */
  truncated: { readonly part: 'header' | 'payload'; readonly actual: number; readonly expected?: number };
  /** The envelope uses something that this release does not know. Nothing is wrong with it. */
  unsupported: { readonly feature: 'version' | 'suite' | 'flags' | 'context-key'; readonly found: string };
  /** A limit of the format, or a cap of the caller's policy, was exceeded. */
  'limit-exceeded': { readonly limit: string; readonly maximum: number; readonly actual: number };
  /** The envelope's context is not the one that was asked for. Only keys are named, never values. */
  'context-mismatch': { readonly keys: readonly string[] };
  /** The envelope has a context and the caller gave none. */
  'context-required': { readonly keys: readonly string[] };
  /** The envelope has external context keys whose values were not supplied. */
  'external-context-missing': { readonly keys: readonly string[] };
  /** No wrapped key of the envelope belongs to the keyring that was given. */
  'no-matching-key': { readonly wrappedKeys: readonly { readonly provider: string; readonly keyId: string }[] };
  /** The data key could not be wrapped, so nothing was written. */
  'wrap-failed': { readonly attempts: readonly Attempt[] };
  /** At least one wrapped key belongs to the keyring, and none of them could be unwrapped. */
  'unwrap-failed': { readonly attempts: readonly Attempt[] };
  /** One call to one key failed. Thrown by keyrings; the engine turns it into the two codes above. */
  'keyring-failed': KeyringFailure;
  /** A keyring broke its contract. This is a bug of that keyring. */
  'keyring-contract': { readonly keyring: string };
  /** Header and payload are not of the same message. */
  'payload-mismatch': { readonly headerMessageId: string; readonly payloadMessageId: string };
  /** A segment is not what was written there. No plaintext of it, or of anything behind it, was released. */
  'payload-damaged': {
    readonly segment: number;
    /** Where in the payload the segment starts. */
    readonly offset: number;
    /** `damaged`: altered; `cut-off`: intact, but what follows it is missing; `extended`: intact and last, yet followed. */
    readonly kind: 'damaged' | 'cut-off' | 'extended';
  };
  /** The plaintext has another length than the caller promised. */
  'length-mismatch': { readonly expected: number; readonly actual: number };
  /** Something that works only once was used again. */
  'already-used': { readonly what: string };
  /** A rewrap was refused, because it would have made data harder or impossible to open. The header is as it was. */
  'rewrap-refused': {
    readonly rule: 'minimum' | 'unproven' | 'none-proven' | 'revision';
    /** The wrapped keys that the rule is about. */
    readonly keys: readonly { readonly provider: string; readonly keyId: string }[];
  };
  /** The caller's signal fired. `cause` is its reason. */
  aborted: { readonly [key: string]: never };
  /** A file that would be overwritten exists. It is untouched. */
  'file-exists': { readonly path: string };
  /** Another process is rewrapping the file, or one on another host was and did not end. */
  'file-busy': { readonly path: string; readonly host: string; readonly pid: number };
  /** The file system refused an operation. `cause` is its error. */
  'file-failed': { readonly path: string; readonly operation: string };
}

/** The data of a failed call to one key. Never holds key bytes. */
export interface KeyringFailure {
  /** As in the wrapped key, e.g. `aws-kms`. */
  readonly provider: string;
  /** The keyring's `name`. */
  readonly keyring: string;
  readonly keyId: string;
  readonly operation: 'wrap' | 'unwrap' | 'generate' | 'check';
  readonly reason: FailureReason;
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** One sentence: the permission to grant, or the setting to change. */
  readonly remedy: string;
}

/** The closed union of error codes. */
export type ErrorCode = keyof ErrorDetails;
