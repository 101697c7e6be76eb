import type { Bench } from '../bench/bench.js';
import { assertFails } from '../bench/expectations.js';
import { unwrap } from '../bench/unwrapping.js';
import { succeeded, wrap, wrapOwn } from '../bench/wrapping.js';
import { assert } from '../support/assert.js';
import { equalBytes } from '../support/bytes.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

export const acceptance: RuleGroup = {
  title: 'request.accepts',
  rules: ({ manifest }) => [
    { title: 'fails when its key material is not accepted', check: failsWhenNotAccepted },
    { title: 'wipes key material that was not accepted', check: wipesWhatWasNotAccepted },
    ...when((manifest.wrapsPerKeyring ?? 1) > 1, () => [
      { title: 'goes on with its next wrapped key when one is not accepted', check: goesOn },
    ]),
  ],
};

async function failsWhenNotAccepted(bench: Bench): Promise<void> {
  const context = await bench.context();
  const keyMaterial = bench.keyMaterial();
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  const expected = { reasons: ['integrity'], retryable: false } as const;
  const { offered } = await assertFails(bench, bench.keyring, own, { context, accept: () => false }, expected);
  assert(offered.length > 0, 'unwrap must ask request.accepts about the key material that it unwrapped.');
}

async function wipesWhatWasNotAccepted(bench: Bench): Promise<void> {
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, bench.keyMaterial(), context);
  const { offered } = await unwrap(bench, bench.keyring, own, { context, accept: () => false });
  const wiped = offered.every(({ bytes }) => bytes.every((byte) => byte === 0));
  assert(offered.length > 0 && wiped, 'unwrap must wipe key material that was not accepted: fill it with zeros.');
}

async function goesOn(bench: Bench): Promise<void> {
  const context = await bench.context();
  const keyMaterial = bench.keyMaterial();
  const all = await wrap(bench, bench.keyring, keyMaterial, context);
  for (let refused = 0; refused < all.length; refused++) {
    let asked = 0;
    const accept = (bytes: Uint8Array): boolean => equalBytes(bytes, keyMaterial) && asked++ >= refused;
    const { outcome } = await unwrap(bench, bench.keyring, all, { context, accept });
    const result = succeeded(outcome, `unwrap, when only candidate ${refused + 1} of ${all.length} is accepted,`);
    const right = result !== null && equalBytes(result.keyMaterial, keyMaterial);
    assert(right, 'unwrap must go on with its next wrapped key when key material is not accepted.');
  }
}
