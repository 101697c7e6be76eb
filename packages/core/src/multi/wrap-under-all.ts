import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import { Cancellation } from '../cancellation/cancellation.js';
import { onAbort } from '../cancellation/on-abort.js';
import { copyOfContext } from '../context/encryption-context.js';
import type { Attempt } from '../errors/attempt.js';
import { withLeaves } from '../format/wrapping.js';
import { compareWrappedKeys } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { areWrappedKeys, keyringContract } from '../keyring/data-key.js';
import { attemptsOf, wrapFailed } from '../keyring/keyring-error.js';
import type { Keyring, WrapRequest, WrapResult } from '../keyring/keyring.js';
import { causeOf } from './cause.js';
import { timedOut } from './deadline.js';
import type { Deadline } from './deadline.js';
import { Tracer } from './trace.js';
import { policyHolds } from './write-policy.js';
import type { ResolvedMember, WritePolicy } from './write-policy.js';

const DEFAULT_PATIENCE = 1_000;

/** What a member that failed is told of: a row for each of its keys, and what it threw. */
interface Failed {
  readonly attempts: readonly Attempt[];
  readonly error?: unknown;
}

/**
 * Wraps a data key under every member at once. Without a policy, all must succeed. With one, it may do without members
 * that failed or are slow: their KEKs get pending wrapped keys, which a repair fills in.
 *
 * Throws `wrap-failed` with every attempt, `aborted`.
 */
export async function wrapUnderAll(
  members: readonly ResolvedMember[],
  request: WrapRequest,
  policy: WritePolicy | undefined,
  deadline: Deadline,
): Promise<WrapResult> {
  throwIfAborted(request.signal);
  const run = new WrapUnderAll(members, request, policy, deadline);
  return await run.result();
}

class WrapUnderAll {
  readonly #tracer = new Tracer('wrap');
  readonly #since = performance.now();
  readonly #members: readonly ResolvedMember[];
  readonly #request: WrapRequest;
  readonly #policy: WritePolicy | undefined;
  readonly #deadline: Deadline;
  /** Ends what still runs, when the result is known or the caller's signal fires. */
  readonly #over: Cancellation;
  readonly #wrapped = new Map<ResolvedMember, readonly WrappedKey[]>();
  readonly #failed = new Map<ResolvedMember, Failed>();

  constructor(members: readonly ResolvedMember[], request: WrapRequest, policy: WritePolicy | undefined, deadline: Deadline) {
    this.#members = members;
    this.#request = request;
    this.#policy = policy;
    this.#deadline = deadline;
    this.#over = new Cancellation(request.signal);
  }

  async result(): Promise<WrapResult> {
    const { signal } = this.#request;
    try {
      await this.#untilEnd();
    } finally {
      this.#over.end();
      for (const { keyring } of this.#unsettled()) this.#tell(keyring, 'aborted', { reason: signal.aborted ? 'aborted' : 'patience' });
    }
    throwIfAborted(signal);
    if (!this.#policyHolds()) {
      const failed = this.#members.flatMap((member) => this.#failed.get(member) ?? []);
      const errors = failed.flatMap((one) => ('error' in one ? [one.error] : []));
      throw wrapFailed(failed.flatMap(({ attempts }) => attempts), causeOf(errors));
    }
    const wrappedKeys = this.#members.flatMap((member) => this.#wrapped.get(member) ?? this.#pendingKeys(member));
    const repeated = findRepeated(wrappedKeys);
    if (repeated !== undefined) throw wrapFailed([twice(repeated, this.#members)]);
    return { wrappedKeys };
  }

  /** Ends when every member has, when the deadline has passed, or when the policy holds and patience is at an end. */
  async #untilEnd(): Promise<void> {
    const { signal } = this.#over;
    let patience: ReturnType<typeof setTimeout> | undefined;
    let cleanUp = (): void => undefined;
    await new Promise<void>((resolve) => {
      const stopClock = this.#deadline.start(() => {
        this.#giveUp();
        resolve();
      });
      const stopWaiting = onAbort(signal, resolve);
      cleanUp = () => {
        clearTimeout(patience);
        stopClock();
        stopWaiting();
      };
      const onSettled = (): void => {
        if (signal.aborted) return;
        if (this.#unsettled().length === 0) resolve();
        else if (this.#policy !== undefined && patience === undefined && this.#policyHolds()) {
          patience = setTimeout(resolve, this.#policy.patience ?? DEFAULT_PATIENCE);
        }
      };
      for (const member of this.#members) void this.#wrapUnder(member).then(onSettled);
    });
    cleanUp();
  }

  /** Never rejects. A member gets key material and a context of its own: one that spoils them must not spoil what the others wrap. */
  async #wrapUnder(member: ResolvedMember): Promise<void> {
    const { keyring } = member;
    const { signal } = this.#over;
    const keyMaterial = new Uint8Array(this.#request.keyMaterial);
    this.#tracer.tell(keyring, 'started', { reason: 'all' });
    try {
      const request = { keyMaterial, context: copyOfContext(this.#request.context), signal };
      const answer = (await abortable(keyring.wrap(request), signal)) as Partial<WrapResult> | undefined;
      const wrappedKeys = answer?.wrappedKeys;
      if (!areWrappedKeys(wrappedKeys)) throw keyringContract(keyring, 'returned no wrapped key that opens anything');
      this.#wrapped.set(member, wrappedKeys);
      this.#tell(keyring, 'succeeded');
    } catch (error) {
      // Then it is told elsewhere how this ended.
      if (signal.aborted) return;
      const attempts = attemptsOf(error, keyring);
      this.#failed.set(member, { attempts, error });
      this.#tell(keyring, 'failed', { reason: attempts[0]?.reason ?? 'unknown', error });
    } finally {
      keyMaterial.fill(0);
    }
  }

  /** The deadline has passed. */
  #giveUp(): void {
    for (const member of this.#unsettled()) {
      this.#failed.set(member, { attempts: timedOut(member.keyring, 'wrap', this.#deadline.milliseconds) });
      this.#tell(member.keyring, 'failed', { reason: 'timeout' });
    }
  }

  #unsettled(): ResolvedMember[] {
    return this.#members.filter((member) => !this.#wrapped.has(member) && !this.#failed.has(member));
  }

  #policyHolds(): boolean {
    return policyHolds(this.#policy, this.#members, [...this.#wrapped.keys()]);
  }

  /** What stands in for the wrapped keys of a member that could not be reached. */
  #pendingKeys(member: ResolvedMember): WrappedKey[] {
    const { keyring } = member;
    this.#tracer.tell(keyring, 'pending', { reason: this.#failed.get(member)?.attempts[0]?.reason ?? 'patience' });
    return keyring.keks.map(({ provider, keyId }) => ({ provider, keyId, keyVersion: '', algorithm: '', ciphertext: new Uint8Array(0) }));
  }

  /** Tells how the call to a member ended. */
  #tell(keyring: Keyring, event: 'succeeded' | 'failed' | 'aborted', rest: Parameters<Tracer['tell']>[2] = {}): void {
    this.#tracer.tell(keyring, event, { milliseconds: performance.now() - this.#since, ...rest });
  }
}

/** A key that is there twice, alone or behind the share of a quorum: an envelope holds each but once. */
function findRepeated(wrappedKeys: readonly WrappedKey[]): WrappedKey | undefined {
  const keys = wrappedKeys.flatMap((key) => {
    try {
      return withLeaves(key);
    } catch {
      // What is no quorum the engine refuses, with the rule that it breaks.
      return [key];
    }
  });
  return keys.find((key, i) => keys.some((other, j) => j < i && compareWrappedKeys(key, other) === 0));
}

/** The row for a key that two members have wrapped under. */
function twice({ provider, keyId }: WrappedKey, members: readonly ResolvedMember[]): Attempt {
  const member = members.find(({ keyring }) => keyring.provider === provider);
  return {
    provider,
    keyring: member?.keyring.name ?? keyId,
    keyId,
    outcome: 'failed',
    reason: 'misconfigured',
    retryable: false,
    message: 'two members wrapped the data key under this key.',
    remedy: 'Leave one of the two out.',
  };
}
