import type { FailureReason } from '@keyfold/core';

/** What a keyring does for the engine. */
export type Operation = 'wrap' | 'unwrap' | 'generate' | 'check';

/**
 * What a keyring is and can do, as its author declares it. The suite reads this and nothing else to decide which rules
 * to run, and fails when the keyring has more or less than it declares.
 */
export interface KeyringManifest {
  /** What stands in the `provider` of every wrapped key. */
  readonly provider: string;
  /** Every `algorithm` that its wrapped keys may have. Any other is taken for an attack. */
  readonly algorithms: readonly string[];
  /**
   * Who notices a wrong encryption context: `kms` when unwrapping fails under another context (it is part of the KMS
   * call, or of the wrapping), `engine` when wrapping ignores the context and only the header's MAC binds it.
   */
  readonly contextBinding: 'kms' | 'engine';
  /** Whether wrapped keys tell the KEK's version. If not, their `keyVersion` is empty. */
  readonly keyVersions: boolean;
  /** Whether the keyring has `generate`. */
  readonly generate: boolean;
  /** Whether the keyring has `check`. */
  readonly check: boolean;

  /**
   * Whether it is made of other keyrings, as a quorum is: the rows of its errors may then be theirs, and one of them has to
   * say what is expected. Default `false`.
   */
  readonly composed?: boolean;
  /** How many wrapped keys one wrap makes: one for each KEK. Default 1. */
  readonly wrapsPerKeyring?: number;
  /** What a resolved `keyId` looks like, e.g. `/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/`. */
  readonly keyId?: RegExp;
  /** What a `keyVersion` looks like. */
  readonly keyVersion?: RegExp;

  /**
   * The algorithm is one that takes no randomness, such as AES key wrap (RFC 3394): who sees two wrapped keys can tell whether
   * their key material is the same. Default `false`.
   */
  readonly deterministic?: boolean;
  /** A keyring with the public key alone can wrap. The factory gives one as `offline`. Default `false`. */
  readonly offlineWrap?: boolean;
  /** A KEK may be configured by another name than the resolved one. The factory gives `alias`. Default `false`. */
  readonly aliases?: boolean;
  /** A KEK may get new key material while wrapped keys of the old stay readable. The factory gives `rotate`. Default `false`. */
  readonly rotation?: boolean;

  /**
   * The requests that each operation of a new keyring makes to its provider when nothing goes wrong, by name, in order;
   * an operation that makes none is left out. The factory gives `requestCount` and `hold`. Leave it out for keys that no
   * service holds, and where requests can be neither counted nor held, as with a real cloud.
   */
  readonly requests?: { readonly [Name in Operation]?: readonly string[] };
  /** An abort also gives up the request beneath. `hold` tells when. Needs `requests`. Default `false`. */
  readonly abandonsRequests?: boolean;

  /** What can be made to go wrong, and what the keyring has to say then. The factory gives `faults`. Default none. */
  readonly faults?: readonly FaultCase[];
}

/** One thing that goes wrong, and what the keyring has to say then. */
export interface FaultCase {
  /** Handed to the fixture's `faults.inject`, and stands in the test's name, e.g. `throttled`. */
  readonly kind: string;
  /** The reason that the keyring must give; one of several where more than one is right. */
  readonly reason: FailureReason | readonly FailureReason[];
  /** Whether the keyring must say that the same call may succeed later. */
  readonly retryable: boolean;
  /** What the remedy must say, e.g. `/kms:Decrypt/`. */
  readonly remedy?: RegExp;
  /**
   * The operations that it is tried on. Default: all that the keyring has. Where operations differ in what is right, list
   * the kind once for each.
   */
  readonly operations?: readonly Operation[];
}
