import type { WrappedKey } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import { assertOpens } from '../bench/unwrapping.js';
import { wrap, wrapOwn } from '../bench/wrapping.js';
import { assert, show } from '../support/assert.js';
import { asView, equalBytes } from '../support/bytes.js';
import { findSecret } from '../support/secret-search.js';
import type { RuleGroup } from './rule.js';

export const wrapping: RuleGroup = {
  title: 'wrap and unwrap',
  rules: () => [
    { title: 'unwraps what it wrapped, also in another process', check: roundTrip },
    { title: 'makes one wrapped key for each KEK, with fields that the format holds', check: fieldsAreSound },
    { title: 'stores the same resolved identifiers every time', check: identifiersAreStable },
    { title: 'never wraps the same material to the same bytes', check: wrapsDiffer },
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

async function fieldsAreSound(bench: Bench): Promise<void> {
  const { manifest, plan } = bench;
  const all = await wrap(bench, bench.keyring, bench.keyMaterial(), await bench.context());
  const count = manifest.wrapsPerKeyring ?? 1;
  assert(all.length === count, `wrap must give one wrapped key for each KEK, here ${count}; it gave ${all.length}.`);
  for (const key of all) checkFields(key);
  const identities = all.map(({ provider, keyId, keyVersion }) => `${provider} ${keyId} ${keyVersion}`);
  assert(new Set(identities).size === all.length, 'No two wrapped keys may have the same provider, keyId and keyVersion.');
  const own = bench.own(all);
  assert(own.length === all.length || plan.composition !== undefined, 'Every wrapped key must have the keyring’s provider.');
  for (const { keyId, keyVersion, algorithm } of own) {
    assert(manifest.algorithms.includes(algorithm), `algorithm must be one that the manifest declares; it is ${show(algorithm)}.`);
    assert(
      (keyVersion !== '') === manifest.keyVersions,
      `keyVersion must be ${manifest.keyVersions ? 'there' : 'empty'}, as the manifest declares; it is ${show(keyVersion)}.`,
    );
    assert(manifest.keyId?.test(keyId) ?? true, `keyId must look as the manifest declares; it is ${show(keyId)}.`);
    assert(
      manifest.keyVersion?.test(keyVersion) ?? true,
      `keyVersion must look as the manifest declares; it is ${show(keyVersion)}.`,
    );
  }
}

/** What the format has room for (docs/spec/envelope-v1.md, "Wrapped keys"). Lengths are in bytes. */
function checkFields({ provider, keyId, keyVersion, algorithm, ciphertext }: WrappedKey): void {
  const texts = { provider, keyId, keyVersion, algorithm };
  const rules = {
    provider: /^[a-z0-9-]{1,255}$/,
    keyId: /^[!-~]+$/,
    keyVersion: /^[!-~]{0,255}$/,
    algorithm: /^[!-~]{1,255}$/,
  };
  for (const name of ['provider', 'keyId', 'keyVersion', 'algorithm'] as const) {
    const text: unknown = texts[name];
    const fits = typeof text === 'string' && rules[name].test(text) && text.length <= 65_535;
    assert(fits, `${name} must match ${String(rules[name])}, or no envelope can hold it; it is ${show(text)}.`);
  }
  assert(ciphertext instanceof Uint8Array, 'ciphertext must be a Uint8Array.');
  assert(ciphertext.length > 0, 'ciphertext must not be empty: that would say that the KEK could not be reached.');
  assert(ciphertext.length <= 65_535, `ciphertext must be at most 65,535 bytes; it is ${ciphertext.length}.`);
}

async function identifiersAreStable(bench: Bench): Promise<void> {
  const context = await bench.context();
  const identifiers = async (keyring: Bench['keyring']): Promise<string> => {
    const own = await wrapOwn(bench, keyring, bench.keyMaterial(), context);
    return own.map(({ keyId, keyVersion, algorithm }) => `${keyId} ${keyVersion} ${algorithm}`).sort().join(', ');
  };
  const first = await identifiers(bench.keyring);
  const configured = bench.keyring.keks.filter(({ provider }) => provider === bench.manifest.provider);
  for (const { keyId } of configured) {
    assert(first.includes(`${keyId} `), `keks must name the KEKs by the ids that wrap stores; ${show(keyId)} is none of ${show(first)}.`);
  }
  for (const keyring of [bench.keyring, bench.twin]) {
    const later = await identifiers(keyring);
    assert(later === first, `wrap must store the identifiers that it stored before, ${show(first)}; it stored ${show(later)}.`);
  }
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
