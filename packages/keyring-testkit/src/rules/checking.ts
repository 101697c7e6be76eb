import type { KeyCheck } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import { check, wrapOwn } from '../bench/wrapping.js';
import { assert, show } from '../support/assert.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

export const checking: RuleGroup = {
  title: 'check',
  rules: ({ manifest, inside }) =>
    when(manifest.check, () => [
      // What a composition stores as a wrapped key of its own kind has no KEK to check.
      ...when(manifest.provider === inside.provider, () => [
        { title: 'has one item for each KEK, under the names that wrap stores', check: namesEveryKek },
      ]),
      { title: 'finds nothing wrong with a key that works', check: findsNothingWrong },
      ...when(manifest.offlineWrap === true, () => [
        { title: 'says of a public key alone that it cannot unwrap', check: saysThatItCannotUnwrap },
      ]),
    ]),
};

async function namesEveryKek(bench: Bench): Promise<void> {
  const own = await wrapOwn(bench, bench.keyring, bench.keyMaterial(), await bench.context());
  const checks = await check(bench, bench.keyring);
  const stored = own.map(({ keyId, keyVersion }) => `${keyId} ${keyVersion}`).sort();
  const named = checks.map(({ keyId, keyVersion }) => `${keyId} ${keyVersion}`).sort();
  assert(
    named.join(', ') === stored.join(', '),
    `check must name the keys and versions that wrap stores, ${show(stored.join(', '))}; it names ${show(named.join(', '))}.`,
  );
}

async function findsNothingWrong(bench: Bench): Promise<void> {
  for (const item of await check(bench, bench.keyring)) {
    checkForm(item);
    const { reachable, state, permitted, problem } = item;
    assert(reachable, 'reachable must be true for a key whose provider answers.');
    assert(state === 'enabled', `state must be enabled for a key that works; it is ${show(state)}.`);
    assert(permitted.wrap !== 'no' && permitted.unwrap !== 'no', 'permitted must not say no to what the key just did.');
    const generates = bench.plan.inside.generate;
    assert(
      permitted.generate === 'no' || generates,
      'permitted.generate must be no for a keyring that does not generate.',
    );
    assert(
      permitted.generate !== 'no' || !generates,
      'permitted.generate must not be no for a keyring that generates.',
    );
    assert(problem === undefined, `There must be no problem with a key that works; it says ${show(problem?.remedy)}.`);
  }
}

async function saysThatItCannotUnwrap(bench: Bench): Promise<void> {
  const offline = bench.compose(bench.hook(bench.fixture.offline, 'offline'));
  for (const { permitted } of await check(bench, offline)) {
    assert(
      permitted.unwrap === 'no',
      `permitted.unwrap must be no for a public key alone; it is ${show(permitted.unwrap)}.`,
    );
    assert(permitted.wrap !== 'no', 'permitted.wrap must not be no for a public key: it can wrap.');
  }
}

/** What every item has, whatever it says. */
export function checkForm({ keyId, keyVersion, reachable, state, permitted, problem }: KeyCheck): void {
  assert(typeof keyId === 'string' && keyId !== '', 'keyId must name the key.');
  assert(typeof keyVersion === 'string', 'keyVersion must be a string, empty where the provider does not tell.');
  assert(typeof reachable === 'boolean', 'reachable must be true or false.');
  const states = ['enabled', 'disabled', 'pending-deletion', 'not-found', 'unknown'];
  assert(states.includes(state), `state must be one of ${states.join(', ')}; it is ${show(state)}.`);
  for (const operation of ['wrap', 'unwrap', 'generate'] as const) {
    const answer: unknown = permitted[operation];
    assert(['yes', 'no', 'unknown'].includes(answer as string), `permitted.${operation} must be yes, no or unknown.`);
  }
  if (problem === undefined) return;
  assert(/\S.*[.!?]\s*$/s.test(problem.remedy), `problem.remedy must be a sentence; it is ${show(problem.remedy)}.`);
}
