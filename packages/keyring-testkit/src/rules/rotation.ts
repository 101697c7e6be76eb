import type { WrappedKey } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import { assertOpens } from '../bench/expectations.js';
import { unwrap } from '../bench/unwrapping.js';
import { check, succeeded, wrapOwn } from '../bench/wrapping.js';
import { assert } from '../support/assert.js';
import { equalBytes } from '../support/bytes.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

export const rotation: RuleGroup = {
  title: 'rotation',
  rules: ({ manifest }) =>
    when(manifest.rotation === true, () => [
      { title: 'opens what it wrapped before and after', check: opensBoth },
      ...when(manifest.keyVersions, () => [
        { title: 'stores the version that it wrapped under', check: storesTheVersion },
        { title: 'goes on with another version when one is not accepted', check: goesOn },
      ]),
    ]),
};

/** The same key material, wrapped before and after a rotation. */
async function rotated(
  bench: Bench,
  keyMaterial: Uint8Array,
  context: Parameters<typeof wrapOwn>[3],
): Promise<[WrappedKey[], WrappedKey[]]> {
  const before = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  await bench.hook(bench.fixture.rotate, 'rotate')();
  return [before, await wrapOwn(bench, bench.keyring, keyMaterial, context)];
}

async function opensBoth(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  for (const own of await rotated(bench, keyMaterial, context)) {
    await assertOpens(bench, bench.keyring, own, context, keyMaterial);
    await assertOpens(bench, bench.twin, own, context, keyMaterial);
  }
}

async function storesTheVersion(bench: Bench): Promise<void> {
  const [before, after] = await rotated(bench, bench.keyMaterial(), await bench.context());
  const versions = (keys: readonly WrappedKey[]): string =>
    keys
      .map(({ keyVersion }) => keyVersion)
      .sort()
      .join(', ');
  assert(
    versions(before) !== versions(after),
    'wrap must store the version that the provider answered with: it rotated.',
  );
  const ids = (keys: readonly WrappedKey[]): string =>
    keys
      .map(({ keyId }) => keyId)
      .sort()
      .join(', ');
  assert(ids(before) === ids(after), 'keyId must not hold the version: it stays when the key rotates.');
  if (!bench.manifest.check) return;
  const current = (await check(bench, bench.keyring))
    .map(({ keyVersion }) => keyVersion)
    .sort()
    .join(', ');
  assert(current === versions(after), 'check must tell the version that a wrap uses now.');
}

async function goesOn(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const all = (await rotated(bench, keyMaterial, context)).flat();
  for (const keys of [all, all.toReversed()]) {
    let asked = 0;
    const accept = (): boolean => asked++ === all.length - 1;
    const { outcome } = await unwrap(bench, bench.keyring, keys, { context, accept });
    const result = succeeded(outcome, 'unwrap, when only the key material of its last wrapped key is accepted,');
    const right = result !== null && equalBytes(result.keyMaterial, keyMaterial);
    assert(right, 'unwrap must go on with its next wrapped key when key material is not accepted.');
  }
}
