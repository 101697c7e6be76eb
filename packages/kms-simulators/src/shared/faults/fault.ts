import type { RequestTarget } from '../requests/request-target.js';

/** What goes wrong. Times are in milliseconds. */
export type FaultEffect =
  /** Waits `ms` before the work; does none if the caller left meanwhile. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Does the work at once and answers correctly after `ms`: a success that comes too late. */
  | { readonly kind: 'late-success'; readonly ms: number }
  /** Takes the request and never answers; when the fault is cleared, the answer comes. */
  | { readonly kind: 'hang' }
  /** Resets the connection (TCP RST) before any answer, as a dead load balancer does. */
  | { readonly kind: 'reset' }
  /** Sends half of the right answer, then ends the connection. */
  | { readonly kind: 'cut-off' }
  /** Sends half of the right answer's body as if it were all. */
  | { readonly kind: 'truncated' }
  /** Answers with success and a body of random bytes. */
  | { readonly kind: 'garbage' }
  /**
   * Over the request quota: AWS `ThrottlingException`, Google Cloud `RESOURCE_EXHAUSTED`, Azure status 429 with
   * a Retry-After of `retryAfter` seconds, 1 by default. The others tell no time.
   */
  | { readonly kind: 'throttled'; readonly retryAfter?: number }
  /** An internal error of the service: AWS `KMSInternalException`, status 500. */
  | { readonly kind: 'internal-error' }
  /** The service waited for one of its own parts in vain: AWS `DependencyTimeoutException`, 500; Azure 504. */
  | { readonly kind: 'dependency-timeout' }
  /** The key is out of reach for now: AWS `KeyUnavailableException`, status 500; Azure 503. */
  | { readonly kind: 'unavailable' }
  /** The caller lacks the permission: AWS `AccessDeniedException`; Azure `Forbidden`, 403. */
  | { readonly kind: 'access-denied' }
  /**
   * Any other error of the service, by its own code, such as `FAILED_PRECONDITION`. `status` is the HTTP
   * status, 400 by default; gRPC has none.
   */
  | { readonly kind: 'error'; readonly code: string; readonly status?: number; readonly message?: string }
  /**
   * The valid answer of another key: `otherKey`, or else any key of the same kind, made if there is
   * none. A decryption then answers with random bytes under the other key's name.
   */
  | { readonly kind: 'other-key'; readonly otherKey?: string }
  /** One bit of the plaintext is wrong: of the one answered, or of the one encrypted. */
  | { readonly kind: 'wrong-plaintext' }
  /** The checksums in the answer are not those of what it holds. Google Cloud KMS alone has checksums. */
  | { readonly kind: 'wrong-crc' }
  /** The answer says that the service got no checksums. Google Cloud KMS alone has checksums. */
  | { readonly kind: 'unverified-crc' };

/** Name of an effect. */
export type FaultKind = FaultEffect['kind'];

/** An effect of one kind. */
export type EffectOf<Kind extends FaultKind> = Extract<FaultEffect, { kind: Kind }>;

/**
 * An effect, on the requests that are meant, `count` times or until it is cleared.
 *
 * @example
 * ```ts
 * const twice: Fault = { kind: 'throttled', region: 'eu-west-1', operation: 'Decrypt', count: 2 };
 * ```
 */
export type Fault = FaultEffect &
  RequestTarget & {
    /** How many requests it hits; without it, all until the fault is cleared. */
    readonly count?: number;
  };

/** Fields that belong to an effect, and whether it needs them. */
export const EFFECT_FIELDS: Readonly<
  Record<FaultKind, { readonly required: readonly string[]; readonly optional: readonly string[] }>
> = {
  latency: { required: ['ms'], optional: [] },
  'late-success': { required: ['ms'], optional: [] },
  hang: { required: [], optional: [] },
  reset: { required: [], optional: [] },
  'cut-off': { required: [], optional: [] },
  truncated: { required: [], optional: [] },
  garbage: { required: [], optional: [] },
  throttled: { required: [], optional: ['retryAfter'] },
  'internal-error': { required: [], optional: [] },
  'dependency-timeout': { required: [], optional: [] },
  unavailable: { required: [], optional: [] },
  'access-denied': { required: [], optional: [] },
  error: { required: ['code'], optional: ['status', 'message'] },
  'other-key': { required: [], optional: ['otherKey'] },
  'wrong-plaintext': { required: [], optional: [] },
  'wrong-crc': { required: [], optional: [] },
  'unverified-crc': { required: [], optional: [] },
};

/** Every kind of fault. */
export const FAULT_KINDS: readonly FaultKind[] = Object.keys(EFFECT_FIELDS) as FaultKind[];
