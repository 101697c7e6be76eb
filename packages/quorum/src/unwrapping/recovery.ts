import { attemptsOf, notAccepted, throwIfAborted, timedOut, Tracer, unwrapFailed } from '@keyfold/core/keyring';
import type { Attempt, Keyring, KeyringTrace, Quorum, QuorumShare, UnwrapRequest } from '@keyfold/core/keyring';
import { Operation } from '../calls/operation.js';
import type { Settings } from '../settings/read-options.js';
import { Combiner } from '../sharing/combiner.js';
import type { Verdict } from '../sharing/combiner.js';
import { summaryOf, unknownShare } from './failure-table.js';
import type { ShareOutcome } from './failure-table.js';

/** A member that was asked for a share. */
interface Call {
  readonly outcome: ShareOutcome;
  readonly member: Keyring;
  /** It has the share, and waits for the verdict. */
  readonly onTrial: () => void;
  readonly startedAt: number;
  /** Whether it was told already how the call ended. */
  isTold: boolean;
}

/**
 * One opening of one quorum. Every member is asked for its share at once. Whose a share is, its wrapped keys say: a member
 * that has nothing to do with the one in its own place is asked for the others, so that members may be given in another order
 * than they wrote in, and a recovery may have only k of them.
 *
 * A share that came back is on trial until k are there. Its member waits for the verdict in `accepts`: when no set with it
 * gives the data key, it is told so and goes on with the other wrapped keys of its share, as with any key material that is
 * not accepted. So nothing is unwrapped twice, and another key of a share is used only where the first gave a wrong one.
 */
export class Recovery {
  readonly #settings: Settings;
  readonly #quorum: Quorum;
  readonly #request: UnwrapRequest;
  readonly #operation: Operation;
  readonly #combiner: Combiner;
  readonly #tracer: Tracer = new Tracer('unwrap');
  readonly #outcomes: readonly ShareOutcome[];
  /** Releases the members whose share is on trial, with what they are told. */
  readonly #onTrial = new Set<(accepted: boolean) => void>();
  /** Members and calls that may still bring a share that is missing. */
  readonly #working = new Set<object>();
  readonly #calls: Promise<void>[] = [];
  /** Whether sets of k were tried already, in vain. */
  #isTried = false;
  #broken: { readonly error: unknown } | undefined;

  constructor(settings: Settings, quorum: Quorum, request: UnwrapRequest) {
    this.#settings = settings;
    this.#quorum = quorum;
    this.#request = request;
    this.#operation = new Operation(request.signal, settings.deadline);
    this.#combiner = new Combiner(quorum.threshold, request.accepts);
    this.#outcomes = quorum.shares.map((share) => ({ share, attempts: [] }));
  }

  /** The data key: 32 bytes, the caller's to wipe. Throws `unwrap-failed` with every attempt, `aborted`. */
  async dataKey(): Promise<Uint8Array> {
    const { signal } = this.#request;
    try {
      const { members } = this.#settings;
      // All are at work before the first is asked, or the first answer might look like the last.
      for (const member of members) this.#working.add(member);
      await Promise.all(
        members.map(async (member, i) => {
          await this.#askInTurn(member, i);
        }),
      );
      await Promise.all(this.#calls);
      throwIfAborted(signal);
      if (this.#broken !== undefined) throw this.#broken.error;
      const dataKey = this.#combiner.take();
      if (dataKey !== undefined) return dataKey;
      throw unwrapFailed(this.#attempts());
    } finally {
      this.#operation.close();
      this.#release(true);
      this.#combiner.close();
    }
  }

  /**
   * Asks a member for shares, first for the one in its own place, until it has had as many as it has KEKs: what an envelope
   * holds must not make it use one of them twice. Never rejects.
   */
  async #askInTurn(member: Keyring, place: number): Promise<void> {
    const inTurn = [...this.#outcomes.slice(place), ...this.#outcomes.slice(0, place)];
    let left = Math.max(1, member.keks.length);
    for (const outcome of inTurn) {
      if (left === 0 || this.#operation.ended !== undefined) break;
      if (await this.#knows(member, outcome)) left--;
    }
    this.#working.delete(member);
    this.#endIfIdle();
  }

  /** Asks a member for a share, and tells, as soon as that is clear, whether it is one of its own. Never rejects. */
  async #knows(member: Keyring, outcome: ShareOutcome): Promise<boolean> {
    return await new Promise<boolean>((resolve) => {
      const call: Call = {
        outcome,
        member,
        onTrial: () => {
          resolve(true);
        },
        startedAt: performance.now(),
        isTold: false,
      };
      this.#working.add(call);
      this.#calls.push(
        this.#ask(call).then((known) => {
          resolve(known);
          this.#working.delete(call);
          this.#endIfIdle();
        }),
      );
    });
  }

  /** Whether the share is one of the member's. Never rejects. */
  async #ask(call: Call): Promise<boolean> {
    const { outcome, member } = call;
    const { share } = outcome;
    const accepts = async (bytes: Uint8Array): Promise<boolean> => await this.#tryOut(call, bytes);
    this.#tracer.tell(member, 'started', { reason: 'all' });
    try {
      const request = { ...this.#request, wrappedKeys: share.wrappedKeys, accepts };
      const result = await this.#operation.call(async (signal) => await member.unwrap({ ...request, signal }), wipe);
      if (result === null) {
        this.#tell(call, 'not-mine');
        return false;
      }
      // Nothing was accepted yet, so it did not ask. What it gives is tried out all the same, as the engine does.
      try {
        const verdict = await this.#judge(share, result.keyMaterial);
        if (verdict === 'refused') throw notAccepted(member, result.wrappedKey.keyId);
        this.#tell(call, 'succeeded');
      } finally {
        result.keyMaterial.fill(0);
      }
    } catch (error) {
      this.#failed(call, error);
    }
    return true;
  }

  /** The answer to a member that asks whether its share is the right one: only when k are there can it be told. */
  async #tryOut(call: Call, bytes: Uint8Array): Promise<boolean> {
    // Whoever is told "accepted" hands it back, and it is wiped there.
    if (this.#operation.ended !== undefined) return true;
    const verdict = await this.#judge(call.outcome.share, bytes);
    if (verdict !== 'too-few') return verdict === 'found';
    this.#tell(call, 'succeeded');
    // Others may have come, and sets with this one been tried, since it was judged.
    if (this.#isTried) return false;
    const told = new Promise<boolean>((resolve) => this.#onTrial.add(resolve));
    call.onTrial();
    this.#working.delete(call);
    this.#endIfIdle();
    return await told;
  }

  /** Judges a share, and tells those on trial what became of them. Never rejects. */
  async #judge(share: QuorumShare, bytes: Uint8Array): Promise<Verdict> {
    try {
      const verdict = await this.#combiner.add(share.index, bytes);
      if (verdict === 'found') this.#end();
      else if (verdict === 'refused' && this.#combiner.count >= this.#quorum.threshold) {
        // Every one that is on trial was in a set that was tried.
        this.#isTried = true;
        this.#release(false);
      }
      return verdict;
    } catch (error) {
      // Of the caller's own `accepts`: nothing can be judged any more.
      this.#broken = { error };
      this.#end();
      return 'found';
    }
  }

  /** The outcome is known. */
  #end(): void {
    this.#operation.settle();
    this.#release(true);
  }

  #release(accepted: boolean): void {
    const waiting = [...this.#onTrial];
    this.#onTrial.clear();
    for (const resolve of waiting) resolve(accepted);
  }

  /** With too few shares on trial and nobody at work, no more will come. */
  #endIfIdle(): void {
    if (this.#working.size > 0 || this.#onTrial.size === 0) return;
    this.#end();
  }

  #failed(call: Call, error: unknown): void {
    const { ended } = this.#operation;
    const { member } = call;
    const { share, attempts } = call.outcome;
    if (ended === undefined) {
      const failures = attemptsOf(error, member);
      this.#tell(call, 'failed', { reason: failures[0]?.reason ?? 'unknown', error });
      attempts.push(...failures);
    } else if (ended === 'deadline') {
      this.#tell(call, 'failed', { reason: 'timeout' });
      if (!this.#combiner.has(share.index)) attempts.push(...timedOut(member, 'unwrap', this.#settings.deadline));
    } else {
      this.#tell(call, 'aborted', { reason: ended === 'caller' ? 'aborted' : 'answered' });
    }
  }

  /** Tells, once, how a call ended. */
  #tell(call: Call, event: KeyringTrace['event'], rest: Pick<KeyringTrace, 'reason' | 'error'> = {}): void {
    if (call.isTold) return;
    call.isTold = true;
    this.#tracer.tell(call.member, event, { milliseconds: performance.now() - call.startedAt, ...rest });
  }

  #attempts(): readonly Attempt[] {
    const { name } = this.#settings;
    const rows = this.#outcomes.flatMap((outcome) => {
      if (outcome.attempts.length > 0 || this.#combiner.has(outcome.share.index)) return outcome.attempts;
      return unknownShare(outcome.share, name);
    });
    return [summaryOf(this.#settings, this.#quorum, this.#combiner, this.#outcomes), ...rows];
  }
}

function wipe(late: { readonly keyMaterial: Uint8Array } | null): void {
  late?.keyMaterial.fill(0);
}
