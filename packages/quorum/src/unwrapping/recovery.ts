import { attemptsOf, copyOfContext, notAccepted, throwIfAborted, timedOut, Tracer, unwrapFailed } from '@keyfold/core/keyring';
import type { Attempt, Keyring, Quorum, UnwrapRequest } from '@keyfold/core/keyring';
import { Operation } from '../calls/operation.js';
import { TracedCall } from '../calls/traced-call.js';
import type { Settings } from '../settings/read-options.js';
import { Combiner } from '../sharing/combiner.js';
import { summaryOf, unknownShare } from './failure-table.js';
import type { ShareOutcome } from './failure-table.js';

/** A member that is asked for a share. */
interface Call {
  readonly outcome: ShareOutcome;
  readonly member: Keyring;
  /** It has given the share, which is on trial now. */
  readonly onTrial: () => void;
  readonly traced: TracedCall;
}

/**
 * One opening of one quorum. Every member is asked for its share at once. Whose a share is, its wrapped keys say: a member
 * that has nothing to do with the one in its own place is asked for the others, so that members may be given in another order
 * than they wrote in, and a recovery may have only k of them.
 *
 * A member waits for the verdict on its share in `accepts`: when no set with it gives the data key, it is told so and goes on
 * with the other wrapped keys of its share, as with any key material that is not accepted. So nothing is unwrapped twice, and
 * another key of a share is used only where the first gave a wrong one.
 */
export class Recovery {
  readonly #tracer = new Tracer('unwrap');
  readonly #settings: Settings;
  readonly #quorum: Quorum;
  readonly #request: UnwrapRequest;
  readonly #operation: Operation;
  readonly #combiner: Combiner;
  readonly #outcomes: readonly ShareOutcome[];
  /** Members and calls that may still bring a share that is missing. */
  readonly #working = new Set<object>();
  readonly #calls: Promise<void>[] = [];

  constructor(settings: Settings, quorum: Quorum, request: UnwrapRequest) {
    this.#settings = settings;
    this.#quorum = quorum;
    this.#request = request;
    this.#operation = new Operation(request.signal, settings.deadline);
    this.#combiner = new Combiner(quorum.threshold, request.accepts, () => {
      this.#operation.settle();
    });
    this.#outcomes = quorum.shares.map((share) => ({ share, attempts: [] }));
  }

  /** The data key: 32 bytes, the caller's to wipe. Throws `unwrap-failed` with every attempt, `aborted`. */
  async dataKey(): Promise<Uint8Array> {
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
      throwIfAborted(this.#request.signal);
      const dataKey = this.#combiner.take();
      if (dataKey !== undefined) return dataKey;
      throw unwrapFailed(this.#attempts());
    } finally {
      this.#operation.close();
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
    this.#stopWorking(member);
  }

  /** Asks a member for a share, and tells, as soon as that is clear, whether it is one of its own. Never rejects. */
  async #knows(member: Keyring, outcome: ShareOutcome): Promise<boolean> {
    return await new Promise<boolean>((resolve) => {
      const traced = new TracedCall(this.#tracer, member);
      const onTrial = (): void => {
        traced.end('succeeded');
        resolve(true);
        this.#stopWorking(call);
      };
      const call: Call = { outcome, member, onTrial, traced };
      this.#working.add(call);
      this.#calls.push(
        this.#ask(call).then((known) => {
          resolve(known);
          this.#stopWorking(call);
        }),
      );
    });
  }

  /** With too few shares on trial and nobody at work, no more will come: those who wait hand theirs back. */
  #stopWorking(who: object): void {
    this.#working.delete(who);
    if (this.#working.size === 0 && this.#combiner.isWaitedFor) this.#combiner.close();
  }

  /** Whether the share is one of the member's. Never rejects. */
  async #ask({ outcome, member, onTrial, traced }: Call): Promise<boolean> {
    const { index, wrappedKeys } = outcome.share;
    // Once all is over, whoever is told "accepted" hands the share back, and it is wiped here.
    const accepts = async (bytes: Uint8Array): Promise<boolean> =>
      this.#operation.ended !== undefined || (await this.#combiner.isRight(index, bytes, onTrial));
    try {
      const request = { wrappedKeys, context: copyOfContext(this.#request.context), accepts };
      const result = await this.#operation.call(async (signal) => await member.unwrap({ ...request, signal }), wipe);
      if (result === null) {
        traced.end('not-mine');
        return false;
      }
      // It did not ask, or hands back what is of no use. It is looked at all the same, as the engine does.
      const verdict = this.#combiner.isRight(index, result.keyMaterial, onTrial);
      result.keyMaterial.fill(0);
      if (!(await this.#operation.call(async () => await verdict))) throw notAccepted(member, result.wrappedKey.keyId);
    } catch (error) {
      this.#failed(outcome, member, traced, error);
    }
    return true;
  }

  #failed({ share, attempts }: ShareOutcome, member: Keyring, traced: TracedCall, error: unknown): void {
    const { ended } = this.#operation;
    if (ended === undefined) {
      const rows = attemptsOf(error, member);
      traced.end('failed', { reason: rows[0]?.reason ?? 'unknown', error });
      attempts.push(...rows);
    } else if (ended === 'deadline') {
      traced.end('failed', { reason: 'timeout' });
      if (!this.#combiner.has(share.index)) attempts.push(...timedOut(member, 'unwrap', this.#settings.deadline));
    } else if (ended === 'settled' && this.#combiner.has(share.index)) {
      // Its share completed the set, which ended all calls, its own too.
      traced.end('succeeded');
    } else {
      traced.end('aborted', { reason: ended === 'caller' ? 'aborted' : 'answered' });
    }
  }

  #attempts(): readonly Attempt[] {
    const rows = this.#outcomes.flatMap(({ share, attempts }) =>
      attempts.length > 0 || this.#combiner.has(share.index) ? attempts : unknownShare(share, this.#settings.name),
    );
    return [summaryOf(this.#settings, this.#quorum, this.#combiner, this.#outcomes), ...rows];
  }
}

function wipe(late: { readonly keyMaterial: Uint8Array } | null): void {
  late?.keyMaterial.fill(0);
}
