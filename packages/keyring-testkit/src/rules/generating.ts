import type { Bench } from '../bench/bench.js';
import { assertFails, assertOpens } from '../bench/expectations.js';
import { generate, wrapOwn } from '../bench/wrapping.js';
import { assert } from '../support/assert.js';
import { equalBytes } from '../support/bytes.js';
import { findSecret } from '../support/secret-search.js';
import { NOT_GENUINE } from './malformed-ciphertexts.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

export const generating: RuleGroup = {
  title: 'generate',
  rules: ({ manifest }) =>
    when(manifest.generate, () => [
      { title: 'makes a new data key of 32 bytes every time', check: makesFreshKeys },
      { title: 'wraps what it makes as wrap does', check: wrapsWhatItMakes },
      { title: 'hands out a data key that is the caller’s to wipe', check: handsOutOwnKey },
      ...when(manifest.contextBinding === 'kms', () => [
        { title: 'binds the context to what it makes', check: bindsTheContext },
      ]),
    ]),
};

async function makesFreshKeys(bench: Bench): Promise<void> {
  const context = await bench.context();
  const made = [];
  for (const keyring of [bench.keyring, bench.keyring, bench.twin]) made.push(await generate(bench, keyring, context));
  for (const [i, { keyMaterial, wrappedKeys }] of made.entries()) {
    assert(keyMaterial.length === 32, `generate must make 32 bytes; it made ${keyMaterial.length}.`);
    assert(new Set(keyMaterial).size > 4, 'generate must make random bytes.');
    const others = made.slice(i + 1);
    assert(
      !others.some((other) => equalBytes(other.keyMaterial, keyMaterial)),
      'generate must make a new key every time.',
    );
    assert(
      findSecret(wrappedKeys, [keyMaterial]) === undefined,
      'A wrapped key must not hold the data key in the clear.',
    );
  }
}

async function wrapsWhatItMakes(bench: Bench): Promise<void> {
  const context = await bench.context();
  const { keyMaterial, wrappedKeys } = await generate(bench, bench.keyring, context);
  const own = bench.own(wrappedKeys);
  await assertOpens(bench, bench.twin, own, context, keyMaterial);
  const wrapped = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  const count = bench.manifest.wrapsPerKeyring ?? 1;
  assert(wrappedKeys.length === count, `generate must give one wrapped key for each KEK, here ${count}.`);
  const identifiers = [own, wrapped].map((keys) =>
    keys
      .map(({ provider, keyId, keyVersion, algorithm }) => `${provider} ${keyId} ${keyVersion} ${algorithm}`)
      .sort()
      .join(', '),
  );
  assert(identifiers[0] === identifiers[1], 'generate must store the identifiers that wrap stores.');
}

async function handsOutOwnKey(bench: Bench): Promise<void> {
  const context = await bench.context();
  const { keyMaterial, wrappedKeys } = await generate(bench, bench.keyring, context);
  const copy = new Uint8Array(keyMaterial);
  keyMaterial.fill(0);
  const next = await generate(bench, bench.keyring, context);
  assert(
    keyMaterial.every((byte) => byte === 0),
    'generate must hand out bytes of its own every time.',
  );
  assert(
    next.keyMaterial.some((byte) => byte !== 0),
    'Wiping one data key must not wipe the next.',
  );
  await assertOpens(bench, bench.keyring, bench.own(wrappedKeys), context, copy);
}

async function bindsTheContext(bench: Bench): Promise<void> {
  const { wrappedKeys } = await generate(bench, bench.keyring, await bench.context({ tenant: 'acme-corporation' }));
  const context = await bench.context({ tenant: 'umbrella-corporation' });
  await assertFails(
    bench,
    bench.keyring,
    bench.own(wrappedKeys),
    { context },
    { reasons: NOT_GENUINE, retryable: false },
  );
}
