import type { Kek } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import type { KeyringFixture } from '../fixture.js';
import type { KeyringManifest } from '../manifest.js';
import { assert, show } from '../support/assert.js';
import type { RuleGroup } from './rule.js';

export const shape: RuleGroup = {
  title: 'shape',
  rules: () => [
    { title: 'has the contract’s version, a provider and a name', check: checkIdentity },
    { title: 'says which KEKs it is configured with', check: checkKeks },
    { title: 'has the operations that its manifest declares, and no others', check: checkOperations },
    { title: 'comes with the hooks that its manifest declares, and no others', check: checkHooks },
  ],
};

function checkIdentity({ keyring, manifest, plan }: Bench): void {
  const { specificationVersion, provider, name } = keyring;
  assert(
    (specificationVersion as unknown) === 'keyring-v1',
    `specificationVersion must be "keyring-v1"; it is ${show(specificationVersion)}.`,
  );
  assert(
    /^[a-z0-9-]{1,255}$/.test(provider),
    `provider must be 1 to 255 characters of a-z, 0-9 and hyphen; it is ${show(provider)}.`,
  );
  assert(
    typeof name === 'string' && /^[^\x00-\x1f\x7f]+$/.test(name),
    `name must be one line of text; it is ${show(name)}.`,
  );
  if (plan.composition !== undefined) return;
  assert(
    provider === manifest.provider,
    `provider must be what the manifest declares, ${show(manifest.provider)}; it is ${show(provider)}.`,
  );
}

function checkKeks({ keyring, manifest, plan, fixture }: Bench): void {
  const keks = keyring.keks as readonly Kek[] | undefined;
  const count = manifest.wrapsPerKeyring ?? 1;
  assert(keks?.length === count, `keks must name every KEK that a wrap uses, here ${count}.`);
  for (const { provider, keyId } of keks) {
    assert(
      provider === manifest.provider || plan.composition !== undefined,
      `A KEK’s provider must be the keyring’s; it is ${show(provider)}.`,
    );
    const fits = /^[!-~]+$/.test(keyId) && keyId.length <= 65_535;
    assert(fits, `A KEK’s keyId must be printable ASCII, or no pending wrapped key can name it; it is ${show(keyId)}.`);
  }
  const strangers = fixture.stranger.keks.map(({ keyId }) => keyId);
  assert(
    !keks.some(({ keyId }) => strangers.includes(keyId)),
    'The factory must give a stranger with KEKs of other ids.',
  );
}

function checkOperations({ keyring, manifest }: Bench): void {
  for (const operation of ['wrap', 'unwrap', 'generate', 'check'] as const) {
    const declared = operation === 'wrap' || operation === 'unwrap' || manifest[operation];
    const has = typeof keyring[operation] === 'function';
    assert(has || !declared, `${operation} must be a function; the manifest declares it.`);
    assert(!has || declared, `The keyring has ${operation}; declare it in the manifest, so that it is tested.`);
  }
}

/** The hooks that an ability brings along. */
const HOOKS: readonly (readonly [keyof KeyringManifest, keyof KeyringFixture])[] = [
  ['offlineWrap', 'offline'],
  ['aliases', 'alias'],
  ['rotation', 'rotate'],
  ['requests', 'requestCount'],
  ['requests', 'hold'],
  ['faults', 'faults'],
];

function checkHooks({ fixture, plan: { inside: manifest } }: Bench): void {
  for (const [ability, hook] of HOOKS) {
    const declared = manifest[ability] !== undefined && manifest[ability] !== false;
    assert(
      fixture[hook] !== undefined || !declared,
      `The manifest declares ${ability}; the factory must give ${hook}.`,
    );
    assert(fixture[hook] === undefined || declared, `The factory gives ${hook}; declare ${ability} in the manifest.`);
  }
  assert(
    manifest.abandonsRequests !== true || manifest.requests !== undefined,
    'The manifest declares abandonsRequests; declare requests too, so that the suite knows what to hold.',
  );
}
