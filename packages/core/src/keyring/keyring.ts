import type { EncryptionContext } from '../context/encryption-context.js';
import type { FailureReason } from '../errors/reason.js';
import type { WrappedKey } from '../format/wrapped-key.js';

/**
 * Wraps a data key under one or more KEKs and unwraps it again. It is the only thing to write to add a provider:
 * format, streaming, fall-back between KEKs and error tables are the engine's.
 *
 * The rules:
 *
 * - A keyring touches only KEKs that it was configured with. Nothing in an envelope makes it call another key, region,
 *   account or host.
 * - Until the header's MAC verified, which is until `request.accepts` said so, every field of a wrapped key is hostile:
 *   compare `keyId` with the configuration, `algorithm` with a closed list, `keyVersion` with a fixed pattern, and build
 *   the request from the configuration. At most one call per configured KEK and version in one opening.
 * - Wrapped keys of others are left alone.
 * - A `keyId` of its own with an algorithm or a version that does not fit is not its own either.
 * - What it is handed it does not change, and does not keep after the call; what it returns is a byte string of its own.
 * - Key material that was not accepted is wiped.
 * - Every call returns a promise and never throws at once. No listener stays on a signal.
 * - No key bytes in an error. No logs.
 */
export interface Keyring {
  readonly specificationVersion: 'keyring-v1';
  /** Written into every wrapped key that it makes, e.g. `aws-kms`: 1 to 255 characters of a-z, 0-9 and hyphen. */
  readonly provider: string;
  /** How errors and reports name this keyring to a person, e.g. the key's ARN. Never a secret. */
  readonly name: string;
  /**
   * The KEKs that a wrap uses, as they are configured, an alias as the alias: what a pending wrapped key names, and what
   * reports and repairs go by. Known without any call. Unless it is an alias, a KEK's id is the stored `keyId` or the end
   * of it, as a bare key id is of its ARN.
   */
  readonly keks: readonly Kek[];

  /**
   * Wraps key material under every KEK of this keyring, or throws `keyring-failed` (several KEKs: `wrap-failed`).
   *
   * Each wrapped key holds the *resolved* identifier that the provider answered with, never an alias, and the version
   * where the provider tells it. Two wraps of the same material differ, unless the algorithm takes no
   * randomness (AES key wrap, RFC 3394), which is no loss: data keys are new each time.
   */
  wrap(request: WrapRequest): Promise<WrapResult>;

  /**
   * Unwraps one of the wrapped keys and returns what `request.accepts` took.
   *
   * Returns `null` when no wrapped key is this keyring's: that is no failure, another keyring may know it. Throws
   * `keyring-failed` (several: `unwrap-failed`) only when at least one *is* its own, and none could be unwrapped and
   * accepted: `corrupt`, `integrity` or `context-mismatch` for a bad ciphertext, and `misconfigured`, never `null`, for
   * one that needs a private key where only the public one is configured; `check` then says `no` to `unwrap`, or a rewrap
   * takes it for a mistake. `unwrapEach` does all this.
   */
  unwrap(request: UnwrapRequest): Promise<UnwrapResult | null>;

  /** Makes a data key and wraps it in one call, where the KMS can (AWS GenerateDataKey). Throws as `wrap`. */
  generate?(request: GenerateRequest): Promise<GenerateResult>;

  /**
   * One cheap call per KEK: is it there, and what may the credentials do with it? Names the key and version that a wrap
   * would store. Throws only for an abort.
   */
  check?(request: CheckRequest): Promise<readonly KeyCheck[]>;
}

/** A KEK as a keyring was configured with it. */
export interface Kek {
  readonly provider: string;
  readonly keyId: string;
}

export interface WrapRequest {
  /** 32 bytes. It is the caller's, who wipes it: copy what must outlive the call. */
  readonly keyMaterial: Uint8Array;
  readonly context: EncryptionContext;
  /** Stop promptly when it fires, also where the SDK beneath has no signal of its own. */
  readonly signal: AbortSignal;
}

export interface WrapResult {
  /** One per KEK, in any order. A KEK that could not be reached has an empty ciphertext: only the multi-keyring does so. */
  readonly wrappedKeys: readonly WrappedKey[];
}

export interface UnwrapRequest {
  /** The wrapped keys of the header that are not pending, of all providers. */
  readonly wrappedKeys: readonly WrappedKey[];
  readonly context: EncryptionContext;
  /**
   * Whether key material is the right one: 32 bytes, under which the header's MAC verifies. When it is not, go on with
   * the next wrapped key, so that a KMS that answers wrongly cannot stop a recovery.
   */
  readonly accepts: (keyMaterial: Uint8Array) => Promise<boolean>;
  readonly signal: AbortSignal;
}

export interface UnwrapResult {
  /** 32 bytes. It becomes the caller's, who wipes it. */
  readonly keyMaterial: Uint8Array;
  /** The wrapped key that it came from, one of the request's. */
  readonly wrappedKey: WrappedKey;
}

export interface GenerateRequest {
  readonly context: EncryptionContext;
  readonly signal: AbortSignal;
}

export interface GenerateResult extends WrapResult {
  /** 32 bytes. It becomes the caller's, who wipes it. */
  readonly keyMaterial: Uint8Array;
}

export interface CheckRequest {
  readonly signal: AbortSignal;
}

/** What a keyring found out about one KEK. */
export interface KeyCheck {
  readonly provider: string;
  readonly keyId: string;
  /** The version that a wrap would use now; empty where the provider does not tell. */
  readonly keyVersion: string;
  /** Whether the key's provider answered. A local key is always reachable. */
  readonly reachable: boolean;
  readonly state: 'enabled' | 'disabled' | 'pending-deletion' | 'not-found' | 'unknown';
  readonly permitted: { readonly [Operation in 'wrap' | 'unwrap' | 'generate']: 'yes' | 'no' | 'unknown' };
  /** What is wrong, and the one sentence that mends it. Absent when nothing is. */
  readonly problem?: { readonly reason: FailureReason; readonly remedy: string };
}
