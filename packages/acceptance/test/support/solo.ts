import { decrypt, isKeyfoldError } from '@keyfold/core';
import type { ContextInput, Keyring } from '@keyfold/core/keyring';
import { attemptsOf, encryptionContext } from '@keyfold/core/keyring';
import type { Simulators } from '@keyfold/kms-simulators';
import { expect } from 'vitest';
import { afflict } from './faults.js';
import type { Trouble } from './faults.js';
import type { Member } from './members.js';
import type { Outcome } from './model.js';

type Operation = 'wrap' | 'unwrap';

/** What each member's keyring does by itself under each trouble: what a model of the multi-keyring starts from. */
export class Solo {
  readonly #sim: Simulators;
  readonly #envelope: Uint8Array;
  readonly #context: ContextInput;
  readonly #known = new Map<string, Outcome>();

  constructor(sim: Simulators, envelope: Uint8Array, context: ContextInput) {
    this.#sim = sim;
    this.#envelope = envelope;
    this.#context = context;
  }

  /** The outcome for each of these members. No fault may be in place. */
  async outcomes(
    operation: Operation,
    members: readonly Member[],
    troubles: ReadonlyMap<Member, Trouble>,
  ): Promise<(member: Member) => Outcome> {
    const outcomes = new Map<Member, Outcome>();
    for (const member of members) {
      const trouble = troubles.get(member);
      const key = [operation, member.name, trouble?.name].join(' ');
      const outcome = this.#known.get(key) ?? (await this.#find(operation, member, trouble));
      this.#known.set(key, outcome);
      outcomes.set(member, outcome);
    }
    return (member) => outcomes.get(member) as Outcome;
  }

  async #find(operation: Operation, member: Member, trouble: Trouble | undefined): Promise<Outcome> {
    const { cloud } = member;
    const requests = (): number => (cloud === undefined ? 0 : this.#sim.requests.count({ key: cloud.key }));
    if (trouble?.may === 'silent' && cloud !== undefined && trouble.at(cloud) !== undefined) return { answer: 'silent', requests: 1 };
    this.#sim.requests.reset();
    const keyring = trouble === undefined ? member.keyring : afflict(this.#sim, member, trouble);
    try {
      await (operation === 'wrap' ? this.#wrap(keyring) : decrypt(this.#envelope, { keyring, context: this.#context }));
      return { answer: 'works', requests: requests() };
    } catch (error) {
      if (!isKeyfoldError(error)) throw error;
      const attempts = attemptsOf(error, keyring);
      // A keyring that has only the public key has no trouble of a cloud's.
      const may: readonly string[] = trouble === undefined || trouble.may === 'silent' || cloud === undefined ? ['misconfigured'] : trouble.may;
      for (const { reason } of attempts) expect(may, `${member.name} under ${trouble?.name ?? 'no trouble'}: ${reason}`).toContain(reason);
      return { answer: 'fails', keyIds: attempts.map(({ keyId }) => keyId), requests: requests() };
    } finally {
      this.#sim.faults.clear();
    }
  }

  async #wrap(keyring: Keyring): Promise<void> {
    const { signal } = new AbortController();
    await keyring.wrap({ keyMaterial: new Uint8Array(32), context: await encryptionContext(this.#context), signal });
  }
}
