import type { Bench } from '../bench/bench.js';
import { assertOpens } from '../bench/expectations.js';
import { wrapOwn } from '../bench/wrapping.js';
import type { RuleGroup } from './rule.js';

const AT_ONCE = 24;

export const concurrency: RuleGroup = {
  title: 'concurrent use',
  rules: () => [{ title: 'keeps calls that run at once apart, its very first ones too', check: keepsCallsApart }],
};

async function keepsCallsApart(bench: Bench): Promise<void> {
  const messages = await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => ({
      keyMaterial: bench.keyMaterial(),
      context: await bench.context({ tenant: `tenant-${i}-of-many` }),
    })),
  );
  const wrapped = await Promise.all(
    messages.map(async ({ keyMaterial, context }) => await wrapOwn(bench, bench.keyring, keyMaterial, context)),
  );
  // A new keyring again, whose first calls these are, next to one that wraps meanwhile.
  await Promise.all(
    messages.flatMap(({ keyMaterial, context }, i) => [
      assertOpens(bench, bench.twin, wrapped[i] ?? [], context, keyMaterial),
      wrapOwn(bench, bench.twin, bench.keyMaterial(), context),
    ]),
  );
}
