import type { Bench } from '../bench/bench.js';
import { start } from '../bench/call.js';
import { assertForeign } from '../bench/expectations.js';
import { unwrap } from '../bench/unwrapping.js';
import { wrapOwn } from '../bench/wrapping.js';
import type { Operation } from '../manifest.js';
import { assert } from '../support/assert.js';
import { within } from '../support/settle.js';
import { foreignTo } from './foreign-keys.js';
import { forgedFrom } from './hostile-fields.js';
import { operationsOf } from './operations-of.js';
import { requestFor } from './requests-for.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

export const requests: RuleGroup = {
  title: 'requests to the provider',
  rules: ({ manifest }) =>
    when(manifest.requests !== undefined, () => [
      ...operationsOf(manifest).map((operation) => ({
        title: `makes no more requests for ${operation} than it declares`,
        check: async (bench: Bench) => {
          await makesWhatItDeclares(bench, operation);
        },
      })),
      { title: 'makes none for wrapped keys of others', check: noneForOthers },
      { title: 'makes none for forged wrapped keys', check: noneForForged },
      { title: 'makes one call for each KEK and version, however many forged ones there are', check: oneForEachKek },
    ]),
};

/** How many requests the provider receives meanwhile. */
async function countDuring(bench: Bench, work: () => Promise<unknown>): Promise<number> {
  const count = bench.hook(bench.fixture.requestCount, 'requestCount');
  const before = await count();
  await work();
  return (await count()) - before;
}

async function makesWhatItDeclares(bench: Bench, operation: Operation): Promise<void> {
  const declared = bench.manifest.requests?.[operation]?.length ?? 0;
  const request = await requestFor(bench, operation, new AbortController().signal);
  const made = await countDuring(bench, async () => {
    await within(start(bench.keyring, operation, request), bench.plan.patience, `${operation} must end`);
  });
  assert(
    made <= declared,
    `${operation} must make the ${declared} requests that the manifest declares; it made ${made}.`,
  );
  assert(made > 0 || declared === 0, `${operation} made no request; correct the manifest, or count the right ones.`);
}

async function noneForOthers(bench: Bench): Promise<void> {
  const context = await bench.context();
  // By the twin: what a new keyring asks for at its first call must not be hidden.
  const own = await wrapOwn(bench, bench.twin, bench.keyMaterial(), context);
  const foreign = await foreignTo(bench, own, context);
  const made = await countDuring(bench, async () => {
    await assertForeign(bench, bench.keyring, foreign, context);
  });
  assert(made === 0, `unwrap must make no request when no wrapped key is its own; it made ${made}.`);
}

async function noneForForged(bench: Bench): Promise<void> {
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.twin, bench.keyMaterial(), context);
  const forged = (['keyId', 'keyVersion', 'algorithm'] as const).flatMap((field) => forgedFrom(bench, own, field));
  for (const key of forged) {
    const made = await countDuring(
      bench,
      async () => await unwrap(bench, bench.keyring, [key], { context, accept: () => false }),
    );
    assert(
      made === 0,
      'unwrap must compare every field of a wrapped key with its configuration before it makes a request.',
    );
  }
}

async function oneForEachKek(bench: Bench): Promise<void> {
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.twin, bench.keyMaterial(), context);
  const forged = [...forgedFrom(bench, own, 'keyVersion'), ...forgedFrom(bench, own, 'keyId')].slice(0, 31);
  const accept = (): boolean => false;
  const alone = await countDuring(bench, async () => await unwrap(bench, bench.keyring, own, { context, accept }));
  const beside = await countDuring(
    bench,
    async () => await unwrap(bench, bench.keyring, [...forged, ...own], { context, accept }),
  );
  assert(
    beside <= alone,
    `unwrap must make one call for each KEK and version; beside forged wrapped keys it made ${beside}.`,
  );
}
