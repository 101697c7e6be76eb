import type { Bench } from '../bench/bench.js';
import { assertFails, assertForeign, assertOpens } from '../bench/expectations.js';
import { wrapOwn } from '../bench/wrapping.js';
import { assert } from '../support/assert.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

export const offlineWrapping: RuleGroup = {
  title: 'with the public key alone',
  rules: ({ manifest }) =>
    when(manifest.offlineWrap === true, () => [
      { title: 'wraps what the whole keyring opens, without a request', check: wrapsOffline },
      { title: 'fails, and does not give null, for a wrapped key that it cannot open', check: cannotOpen },
      { title: 'leaves wrapped keys of others alone', check: leavesOthersAlone },
    ]),
};

const offlineOf = (bench: Bench): Bench['keyring'] => bench.compose(bench.hook(bench.fixture.offline, 'offline'));

async function wrapsOffline(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const before = await bench.fixture.requestCount?.();
  const own = await wrapOwn(bench, offlineOf(bench), keyMaterial, context);
  const after = await bench.fixture.requestCount?.();
  assert(after === before, 'wrap with a public key must make no request: it is there for when nothing can be reached.');
  await assertOpens(bench, bench.keyring, own, context, keyMaterial);
  const [first] = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  assert(own[0]?.keyId === first?.keyId, 'wrap with a public key must store the same keyId as with the whole key.');
}

async function cannotOpen(bench: Bench): Promise<void> {
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, bench.keyMaterial(), context);
  await assertFails(bench, offlineOf(bench), own, { context }, { reasons: ['misconfigured'], retryable: false });
}

async function leavesOthersAlone(bench: Bench): Promise<void> {
  const context = await bench.context();
  const strangers = await wrapOwn(bench, bench.stranger, bench.keyMaterial(), context);
  await assertForeign(bench, offlineOf(bench), strangers, context);
}
