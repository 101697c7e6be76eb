import { decrypt, encrypt, inspect, isKeyfoldError, multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import type { Attempt } from '@keyfold/core/keyring';
import { expectNothingLeft, resources, until } from '@keyfold/dev/testing';
import { startSimulators } from '@keyfold/kms-simulators';
import type { Simulators } from '@keyfold/kms-simulators';
import { afterAll, expect } from 'vitest';
import { Clock, DEADLINE, HEAD_START, PATIENCE } from './clock.js';
import { afflict } from './faults.js';
import type { Trouble } from './faults.js';
import { makeMembers } from './members.js';
import type { Member } from './members.js';
import { unwrapping, wrapping } from './model.js';
import type { Expected, Outcome, Policy } from './model.js';
import { Solo } from './solo.js';
import { Trace } from './trace.js';
import { idle, settled } from './wait.js';

/** Who has which trouble; the others have none. */
export type Troubles = ReadonlyMap<Member, Trouble>;

const PLAINTEXT = new TextEncoder().encode('the only copy');
const context = { tenant: 'acme' };

/**
 * Simulated clouds, a multi-keyring's members in them, and the model beside them: each operation is run under troubles,
 * and all that it does is compared with what it must do. For one test file; nothing is left after its last test.
 */
export class Stage {
  readonly sim: Simulators;
  readonly members: readonly Member[];
  readonly #clock = new Clock();
  readonly #trace = new Trace();
  readonly #solo: Solo;
  readonly #envelope: Uint8Array;
  /** Requests that had to be made so far, by member. */
  readonly #due = new Map<Member, number>();

  private constructor(sim: Simulators, members: readonly Member[], envelope: Uint8Array) {
    this.sim = sim;
    this.members = members;
    this.#envelope = envelope;
    this.#solo = new Solo(sim, envelope, context);
  }

  static async start(): Promise<Stage> {
    const before = resources();
    const sim = await startSimulators();
    const { members, close } = await makeMembers(sim);
    const envelope = await encrypt(PLAINTEXT, { keyring: multiKeyring({ members: members.map(({ keyring }) => keyring) }), context });
    const stage = new Stage(sim, members, envelope);
    afterAll(async () => {
      await close();
      await sim.close();
      await expectNothingLeft(before);
    });
    return stage;
  }

  /** Writes under troubles. */
  async wrap(troubles: Troubles, policy: Policy, members = this.members): Promise<void> {
    const outcomeOf = await this.#solo.outcomes('wrap', members, troubles);
    const expected = wrapping(policy, members, outcomeOf);
    const write = policy.write === undefined ? {} : { write: { ...policy.write, patience: PATIENCE } };
    const { envelope, attempts } = await this.#run(troubles, members, expected, outcomeOf, async (keyrings) => {
      const given = keyrings.map((keyring, i) => ({ keyring, required: policy.requires?.(members[i] as Member) ?? false }));
      return await encrypt(PLAINTEXT, { keyring: multiKeyring({ members: given, headStart: HEAD_START, deadline: DEADLINE, ...write }), context });
    });
    expect(attempts === undefined, 'whether it was written').toBe(expected.rows === undefined);
    if (envelope === undefined) return;
    const { wrappedKeys } = inspect(envelope);
    const missing = members.filter((member) => outcomeOf(member).answer !== 'works');
    expect(wrappedKeys.length).toBe(members.length);
    expect(wrappedKeys.filter(({ pending }) => pending).map(({ keyId }) => keyId).sort()).toEqual(
      missing.flatMap(({ keyring }) => keyring.keks.map(({ keyId }) => keyId)).sort());
    const offline = members.find(({ cloud }) => cloud === undefined);
    if (offline !== undefined) expect(await decrypt(envelope, { keyring: offline.keyring, context })).toEqual(PLAINTEXT);
  }

  /** Opens, under troubles, what all members can open. With `early`, the deadline passes as soon as somebody is silent. */
  async unwrap(troubles: Troubles, members = this.members, early = false): Promise<void> {
    const outcomeOf = await this.#solo.outcomes('unwrap', members, troubles);
    const expected = unwrapping(members, outcomeOf, early);
    const { envelope, attempts } = await this.#run(troubles, members, expected, outcomeOf, async (keyrings) =>
      await decrypt(this.#envelope, { keyring: multiKeyring({ members: keyrings, headStart: HEAD_START, deadline: DEADLINE }), context }));
    expect(attempts === undefined, 'whether it was opened').toBe(expected.rows === undefined);
    if (envelope !== undefined) expect(envelope).toEqual(PLAINTEXT);
  }

  /**
   * To be called after some operations: by now a request that came after the last one's result would have arrived. One
   * that came after another's was counted as the next one's.
   */
  async expectNoLateRequest(): Promise<void> {
    await settled();
    for (const [member, due] of this.#due) expect(this.#requests(member), `requests to ${member.name}`).toBe(due);
  }

  async #run(
    troubles: Troubles,
    members: readonly Member[],
    expected: Expected,
    outcomeOf: (member: Member) => Outcome,
    operation: (keyrings: readonly Keyring[]) => Promise<Uint8Array>,
  ): Promise<{ readonly envelope?: Uint8Array; readonly attempts?: readonly Attempt[] }> {
    this.sim.requests.reset();
    this.#due.clear();
    this.#trace.forget();
    const keyrings = members.map((member) => {
      const trouble = troubles.get(member);
      return trouble === undefined ? member.keyring : afflict(this.sim, member, trouble);
    });
    let isOver = false;
    const running = operation(keyrings).then((envelope) => ({ envelope }), (error: unknown) => ({ error })).finally(() => { isOver = true; });
    for (const { name, asked } of expected.timers) {
      await until(() => isOver || this.#isWaiting(members, outcomeOf, asked));
      await idle();
      expect(isOver, `over before the ${name}`).toBe(false);
      this.#clock.pass(name);
    }
    const result = await running;
    expect(this.#clock.running, 'timers left').toEqual([]);
    expect(this.#trace.asked).toEqual(expected.asked.map(({ keyring }) => keyring.name));
    for (const member of members) this.#due.set(member, expected.asked.includes(member) ? outcomeOf(member).requests : 0);
    for (const member of members) expect(this.#requests(member), `requests to ${member.name}`).toBe(this.#due.get(member));
    await idle();
    expect([...this.#trace.ended].sort(), 'who ended').toEqual([...this.#trace.asked].sort());
    // The requests of those that were given up end, too, and not because the service is back.
    await until(() => this.sim.requests.list({ outcome: 'pending' }).length === 0);
    this.sim.faults.clear();
    if ('envelope' in result) return result;
    if (!isKeyfoldError(result.error, 'wrap-failed') && !isKeyfoldError(result.error, 'unwrap-failed')) throw result.error;
    const { attempts } = result.error.details;
    expectTable(attempts, expected, result.error.message);
    return { attempts };
  }

  /** Whether so many were asked, and all of them have answered, or are silent and have been reached. */
  #isWaiting(members: readonly Member[], outcomeOf: (member: Member) => Outcome, count: number): boolean {
    const { asked, ended } = this.#trace;
    if (asked.length < count) return false;
    return members
      .filter(({ keyring }) => asked.includes(keyring.name) && !ended.includes(keyring.name))
      .every((member) => outcomeOf(member).answer === 'silent' && this.#requests(member) === outcomeOf(member).requests);
  }

  #requests({ cloud }: Member): number {
    return cloud === undefined ? 0 : this.sim.requests.count({ provider: cloud.provider, key: cloud.key });
  }
}

/** The table has a row for each key that was tried, and each that was to be: as data, and in the message for people. */
function expectTable(attempts: readonly Attempt[], { rows = [] }: Expected, message: string): void {
  const table = attempts.map(({ keyId, outcome, reason }) => [keyId, outcome, reason === 'timeout' ? 'timeout' : 'fault']);
  expect(table).toEqual(rows.map(([keyId, outcome, what], i) => [keyId, outcome, attempts[i]?.reason === 'timeout' ? 'timeout' : what]));
  for (const { outcome, provider, keyId, reason, message: what, remedy } of attempts) {
    expect(message).toContain(`${outcome} ${provider} ${keyId}: ${reason}: ${what}`);
    expect(message).toContain(remedy);
    expect(remedy).toMatch(/^[A-Z].*\.$/s);
  }
}
