import type { Bench } from '../bench/bench.js';
import { assertOpens } from '../bench/expectations.js';
import { wrapOwn } from '../bench/wrapping.js';
import { assert } from '../support/assert.js';
import { asView, equalBytes } from '../support/bytes.js';
import { findSecret } from '../support/secret-search.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

export const wrapping: RuleGroup = {
  title: 'wrap and unwrap',
  rules: ({ manifest, composition }) => [
    { title: 'unwraps what it wrapped, also in another process', check: roundTrip },
    ...when(manifest.deterministic !== true, () => [
      { title: 'never wraps the same material to the same bytes', check: wrapsDiffer },
    ]),
    // What a composition wraps, such as shares, may differ each time.
    ...when(manifest.deterministic === true && composition === undefined, () => [
      { title: 'always wraps the same material to the same bytes', check: wrapsAlike },
    ]),
    { title: 'does not show the key material in the wrapped key', check: materialIsHidden },
    { title: 'takes bytes that are views into larger buffers', check: takesViews },
    { title: 'keeps nothing that it was handed after the call', check: keepsNothing },
    { title: 'hands out key material that is the caller’s to wipe', check: handsOutOwnBytes },
  ],
};

async function roundTrip(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  await assertOpens(bench, bench.keyring, own, context, keyMaterial);
  await assertOpens(bench, bench.twin, own, context, keyMaterial);
  const twins = await wrapOwn(bench, bench.twin, keyMaterial, context);
  await assertOpens(bench, bench.keyring, twins, context, keyMaterial);
}

async function wrapsDiffer(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const seen: Uint8Array[] = [];
  for (const keyring of [bench.keyring, bench.keyring, bench.twin]) {
    for (const { ciphertext } of await wrapOwn(bench, keyring, keyMaterial, context)) {
      assert(!seen.some((other) => equalBytes(other, ciphertext)), 'Two wraps of the same key material must differ.');
      seen.push(ciphertext);
    }
  }
}

async function wrapsAlike(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const [one, two] = [await wrapOwn(bench, bench.keyring, keyMaterial, context), await wrapOwn(bench, bench.twin, keyMaterial, context)];
  const alike = one.every(({ ciphertext }) => two.some((other) => equalBytes(other.ciphertext, ciphertext)));
  assert(alike, 'Two wraps of the same key material differ: do not declare the keyring deterministic.');
}

async function materialIsHidden(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, await bench.context());
  assert(findSecret(own, [keyMaterial]) === undefined, 'A wrapped key must not hold the key material in the clear.');
}

async function takesViews(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const view = asView(keyMaterial);
  const inView = { ...context, digest: asView(context.digest) };
  const own = await wrapOwn(bench, bench.keyring, view, inView);
  await assertOpens(bench, bench.keyring, own, context, keyMaterial);
}

async function keepsNothing(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const [copy, pairs, digest] = [new Uint8Array(keyMaterial), new Map(context.pairs), new Uint8Array(context.digest)];
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, { pairs, digest });
  keyMaterial.fill(0);
  pairs.clear();
  digest.fill(0);
  await assertOpens(bench, bench.keyring, own, context, copy);
}

async function handsOutOwnBytes(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const copy = new Uint8Array(keyMaterial);
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  const first = await assertOpens(bench, bench.keyring, own, context, copy);
  const second = await assertOpens(bench, bench.keyring, own, context, copy);
  first.keyMaterial.fill(0);
  assert(equalBytes(second.keyMaterial, copy), 'Each unwrap must hand out bytes of its own: wiping one wiped another.');
  assert(equalBytes(keyMaterial, copy), 'unwrap must not hand out the bytes that were wrapped.');
  await assertOpens(bench, bench.keyring, own, context, copy);
}
