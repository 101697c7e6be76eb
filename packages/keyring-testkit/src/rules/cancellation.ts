import type { Bench } from '../bench/bench.js';
import { checkAborted } from '../bench/aborted.js';
import { call, start } from '../bench/call.js';
import { assertOpens } from '../bench/expectations.js';
import { wrapOwn } from '../bench/wrapping.js';
import type { Operation } from '../manifest.js';
import { assert, fail } from '../support/assert.js';
import { outcomeOf, turn, within } from '../support/settle.js';
import { trackedSignal } from '../support/tracked-signal.js';
import { operationsOf } from './operations-of.js';
import { requestFor } from './requests-for.js';
import type { Rule, RuleGroup } from './rule.js';

/** How far a call has come when its signal fires, in continuations of promises: densely at first, where awaits are. */
const STEPS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32];

export const cancellation: RuleGroup = {
  title: 'cancellation',
  rules: ({ manifest }) => [
    ...operationsOf(manifest).map((operation) => ({
      title: `does not begin ${operation} when the signal has fired`,
      check: async (bench: Bench) => {
        await doesNotBegin(bench, operation);
      },
    })),
    ...operationsOf(manifest).map((operation) => ({
      title: `ends ${operation} whenever the signal fires`,
      check: async (bench: Bench) => {
        await endsWhenever(bench, operation);
      },
    })),
    ...operationsOf(manifest).flatMap((operation) => whileHeld(operation, manifest.requests?.[operation] ?? [])),
  ],
};

/** One rule for each request of an operation. */
function whileHeld(operation: Operation, requests: readonly string[]): Rule[] {
  return [...new Set(requests)].map((request) => ({
    title: `stops ${operation} at once while the provider has not answered ${request}`,
    check: async (bench) => {
      await stopsWhileHeld(bench, operation, request);
    },
  }));
}

async function doesNotBegin(bench: Bench, operation: Operation): Promise<void> {
  const { signal, abort } = trackedSignal();
  const request = await requestFor(bench, operation, signal);
  const before = await bench.fixture.requestCount?.();
  abort(new Error('The user went away.'));
  const outcome = await call(bench, bench.keyring, operation, request);
  checkAborted(bench, outcome, 'before it began');
  await turn();
  const after = await bench.fixture.requestCount?.();
  assert(after === before, `${operation} must make no request when the signal has fired already.`);
}

async function endsWhenever(bench: Bench, operation: Operation): Promise<void> {
  for (const steps of [...STEPS, 'a turn of the event loop'] as const) {
    const { signal, abort } = trackedSignal();
    const request = await requestFor(bench, operation, signal);
    const pending = outcomeOf(async () => await start(bench.keyring, operation, request), operation);
    if (typeof steps === 'number') for (let i = 0; i < steps; i++) await Promise.resolve();
    else await turn();
    abort(new Error('The user went away.'));
    const outcome = await within(pending, bench.plan.patience, `${operation} must end when the signal fires`);
    // It may have been done already.
    if (outcome.status === 'rejected') checkAborted(bench, outcome, 'at any moment');
  }
  await stillWorks(bench);
}

async function stopsWhileHeld(bench: Bench, operation: Operation, request: string): Promise<void> {
  const { patience } = bench.plan;
  const { signal, abort } = trackedSignal();
  const prepared = await requestFor(bench, operation, signal);
  const held = await bench.hook(bench.fixture.hold, 'hold')(request);
  try {
    const pending = outcomeOf(async () => await start(bench.keyring, operation, prepared), operation);
    const first = await within(
      Promise.race([pending, held.reached.then(() => 'held' as const)]),
      patience,
      `${operation} must make the request ${request}, as its manifest declares`,
    );
    if (first !== 'held') fail(`${operation} ended without waiting for the answer to ${request}.`, first);
    abort(new Error('The user went away.'));
    const outcome = await within(
      pending,
      patience,
      `${operation} must end when the signal fires, also while the provider is silent`,
    );
    checkAborted(bench, outcome, `while ${request} was pending`);
    if (bench.manifest.abandonsRequests === true) {
      const abandoned = bench.hook(held.abandoned, 'hold().abandoned');
      await within(abandoned, patience, `${operation} must give up its request ${request} when the signal fires`);
    }
  } finally {
    await held.release();
  }
  await stillWorks(bench);
}

/** What was aborted has left nothing behind that is in the way. */
async function stillWorks(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  await assertOpens(bench, bench.keyring, own, context, keyMaterial);
}
