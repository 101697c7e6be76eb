/** Members of any choice and order, each with a trouble of its own or none. */
import fc from 'fast-check';
import { it } from 'vitest';
import { allowTime, cases } from '../support/cases.js';
import { expectAllHandled } from '../support/leaks.js';
import { TROUBLES } from '../support/faults.js';
import type { Trouble } from '../support/faults.js';
import type { Member } from '../support/members.js';
import { holds } from '../support/model.js';
import { POLICIES } from '../support/policies.js';
import { Stage } from '../support/stage.js';
import type { Troubles } from '../support/stage.js';

allowTime();
expectAllHandled();
const stage = await Stage.start();

/** Some members in any order, and what goes wrong at each. */
const scene = fc
  .tuple(fc.shuffledSubarray([...stage.members], { minLength: 1 }), fc.array(fc.option(fc.constantFrom(...TROUBLES), { freq: 3, nil: undefined }), { minLength: stage.members.length }))
  .map(([members, all]) => new Scene(members, all));

class Scene {
  readonly members: readonly Member[];
  readonly troubles: Troubles;

  constructor(members: readonly Member[], all: readonly (Trouble | undefined)[]) {
    this.members = members;
    this.troubles = new Map(members.flatMap((member, i) => (all[i] === undefined ? [] : [[member, all[i]] as const])));
  }

  /** As a failure shows it. */
  toString(): string {
    return this.members.map((member) => `${member.name}: ${this.troubles.get(member)?.name ?? 'works'}`).join('; ');
  }
}

it('each opens as it must', async () => {
  await fc.assert(
    fc.asyncProperty(scene, fc.boolean(), async ({ members, troubles }, early) => {
      await stage.unwrap(troubles, members, early);
    }),
    { numRuns: cases(400, 60) },
  );
  await stage.expectNoLateRequest();
});

it('each writes as it must', async () => {
  await fc.assert(
    fc.asyncProperty(scene, fc.constantFrom(...POLICIES), async ({ members, troubles }, policy) => {
      // One that not even all members would satisfy is refused from the start.
      fc.pre(holds(policy, members, members) && members.length >= (policy.write?.minimum ?? 0));
      await stage.wrap(troubles, policy, members);
    }),
    { numRuns: cases(400, 60) },
  );
  await stage.expectNoLateRequest();
});
