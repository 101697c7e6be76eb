/** Opening under every fault at every subset of members: whoever works opens it, and nobody is asked in vain or behind the result. */
import { describe, it } from 'vitest';
import { allowTime, subsetsOf } from '../support/cases.js';
import { TROUBLES } from '../support/faults.js';
import { expectAllHandled } from '../support/leaks.js';
import { Stage } from '../support/stage.js';

allowTime();
expectAllHandled();
const stage = await Stage.start();
const subsets = subsetsOf(stage.members).filter(({ length }) => length <= 5);

it.each(TROUBLES)('$name at every subset of members', async (trouble) => {
  for (const subset of subsets) {
    await stage.unwrap(new Map(subset.map((member) => [member, trouble])));
  }
  await stage.expectNoLateRequest();
});

describe('a deadline that passes before all were asked', () => {
  it.each(TROUBLES.filter(({ may }) => may === 'silent'))('$name at every subset of members', async (trouble) => {
    for (const subset of subsets) {
      await stage.unwrap(new Map(subset.map((member) => [member, trouble])), stage.members, true);
    }
    await stage.expectNoLateRequest();
  });
});
