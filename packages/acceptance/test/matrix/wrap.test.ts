/** Writing under every fault at every subset of members: what is written is what the policy says, and nothing is left behind. */
import { describe, it } from 'vitest';
import { allowTime, subsetsOf } from '../support/cases.js';
import { TROUBLES } from '../support/faults.js';
import { expectAllHandled } from '../support/leaks.js';
import { POLICIES } from '../support/policies.js';
import { Stage } from '../support/stage.js';

allowTime();
expectAllHandled();
const stage = await Stage.start();
/** An offline key is always there to wrap with. */
const inClouds = stage.members.filter(({ cloud }) => cloud !== undefined);

describe.each(TROUBLES)('$name', (trouble) => {
  it.each(POLICIES)('at every subset of members; policy: $name', async (policy) => {
    for (const subset of subsetsOf(inClouds)) {
      await stage.wrap(new Map(subset.map((member) => [member, trouble])), policy);
    }
    await stage.expectNoLateRequest();
  });
});
