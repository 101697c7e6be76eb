import type { WrappedKey } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import { wrap, wrapOwn } from '../bench/wrapping.js';
import { assert, show } from '../support/assert.js';
import type { RuleGroup } from './rule.js';

export const wrappedFields: RuleGroup = {
  title: 'fields of its wrapped keys',
  rules: () => [
    { title: 'makes one wrapped key for each KEK, with fields that the format holds', check: fieldsAreSound },
    { title: 'stores the same resolved identifiers every time', check: identifiersAreStable },
  ],
};

async function fieldsAreSound(bench: Bench): Promise<void> {
  const { manifest, plan } = bench;
  const all = await wrap(bench, bench.keyring, bench.keyMaterial(), await bench.context());
  const count = manifest.wrapsPerKeyring ?? 1;
  assert(all.length === count, `wrap must give one wrapped key for each KEK, here ${count}; it gave ${all.length}.`);
  for (const key of all) checkFields(key);
  const identities = all.map(({ provider, keyId, keyVersion }) => `${provider} ${keyId} ${keyVersion}`);
  assert(
    new Set(identities).size === all.length,
    'No two wrapped keys may have the same provider, keyId and keyVersion.',
  );
  const own = bench.own(all);
  assert(
    own.length === all.length || plan.composition !== undefined,
    'Every wrapped key must have the keyring’s provider.',
  );
  for (const { keyId, keyVersion, algorithm } of own) {
    assert(
      manifest.algorithms.includes(algorithm),
      `algorithm must be one that the manifest declares; it is ${show(algorithm)}.`,
    );
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
    return own
      .map(({ keyId, keyVersion, algorithm }) => `${keyId} ${keyVersion} ${algorithm}`)
      .sort()
      .join(', ');
  };
  const first = await identifiers(bench.keyring);
  const configured = bench.keyring.keks.filter(({ provider }) => provider === bench.manifest.provider);
  for (const { keyId } of configured) {
    // It may be configured by the end of what is stored, such as a key's bare id where the ARN is stored.
    assert(
      first.includes(`${keyId} `),
      `keks must name the KEKs by the ids that wrap stores; ${show(keyId)} is none of ${show(first)}.`,
    );
  }
  for (const keyring of [bench.keyring, bench.twin]) {
    const later = await identifiers(keyring);
    assert(
      later === first,
      `wrap must store the identifiers that it stored before, ${show(first)}; it stored ${show(later)}.`,
    );
  }
}
