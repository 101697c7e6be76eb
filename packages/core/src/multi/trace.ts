import type { FailureReason } from '../errors/reason.js';
import type { Keyring } from '../keyring/keyring.js';

/**
 * One step of a keyring of several, a multi-keyring or a quorum, as it happens. Published on the diagnostics channel `keyfold:keyring`.
 *
 * A call to a member is `started` and then ends in exactly one of `succeeded`, `failed`, `not-mine` and `aborted`, which
 * say after how many `milliseconds`. Nothing here is secret.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { KeyringTrace } from '@keyfold/core';
 *
 * subscribe('keyfold:keyring', (message) => {
 *   const { operation, keyring, event, milliseconds, reason } = message as KeyringTrace;
 *   console.error(operation, keyring, event, milliseconds ?? '', reason ?? '');
 * });
 * ```
 */
export interface KeyringTrace {
  readonly operation: 'wrap' | 'unwrap';
  /** The same number for all that belongs to one wrap or unwrap of one such keyring, which differs from all others' in this process. */
  readonly call: number;
  /** The member's. */
  readonly provider: string;
  /** The member's `name`. */
  readonly keyring: string;
  /**
   * - `started`: the member is asked
   * - `succeeded`: it wrapped the data key, or gave one that the header's MAC accepts
   * - `failed`: it threw, or broke its contract, or had not answered when the deadline passed
   * - `not-mine`: it knows none of the wrapped keys
   * - `aborted`: it had not answered when that was no longer needed
   * - `broken`: it failed hard a short while ago, and is to be asked last
   * - `probing`: it failed hard a while ago, and is to be asked in its own place again
   * - `skipped`: it was not asked before the deadline passed
   * - `pending`: the policy did without it; its keys are written as pending
   */
  readonly event: 'started' | 'succeeded' | 'failed' | 'not-mine' | 'aborted' | 'broken' | 'probing' | 'skipped' | 'pending';
  /** For what ends a call to a member: how long the call took, in ms, with fractions. */
  readonly milliseconds?: number;
  /** Why, for every event but `succeeded` and `not-mine`. */
  readonly reason?: TraceReason;
  /** For `failed`: what was thrown, unless it was a deadline that passed. */
  readonly error?: unknown;
}

/**
 * Why something happened to a member.
 *
 * - of `started`: `first` in the order, `next` because the one before it had ended without a data key, `slow` because its
 *   head start was over, `all` because a wrap asks all at once
 * - of `aborted`: `answered` because another one had, `patience` because the policy holds and its patience is at an end,
 *   `aborted` because the caller's signal fired
 * - of `failed`, `broken`, `probing`, `skipped` and `pending`: what the member failed with. One that several keys belong to
 *   has several reasons, and the first is told; `error` has all. `pending` also has `patience`.
 */
export type TraceReason = 'first' | 'next' | 'slow' | 'all' | 'answered' | 'patience' | FailureReason;

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** Node's diagnostics channel, where the runtime has it: got without an import, which no browser would resolve. */
const channel: Channel | undefined = findChannel();

let calls = 0;

/** Tells whoever listens what becomes of one wrap or unwrap. Costs next to nothing when nobody does. */
export class Tracer {
  readonly #operation: KeyringTrace['operation'];
  readonly #call: number = ++calls;

  constructor(operation: KeyringTrace['operation']) {
    this.#operation = operation;
  }

  tell(
    { provider, name }: Keyring,
    event: KeyringTrace['event'],
    rest: Pick<KeyringTrace, 'milliseconds' | 'reason' | 'error'> = {},
  ): void {
    if (channel?.hasSubscribers !== true) return;
    const message: KeyringTrace = { operation: this.#operation, call: this.#call, provider, keyring: name, event, ...rest };
    channel.publish(message);
  }
}

function findChannel(): Channel | undefined {
  const { process } = globalThis as {
    readonly process?: { readonly getBuiltinModule?: (id: string) => { readonly channel: (name: string) => Channel } | undefined };
  };
  return process?.getBuiltinModule?.('diagnostics_channel')?.channel('keyfold:keyring');
}
