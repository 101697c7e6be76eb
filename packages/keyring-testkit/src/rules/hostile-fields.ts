import type { WrappedKey } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import { assertOpens, assertRefuses } from '../bench/expectations.js';
import { wrapOwn } from '../bench/wrapping.js';
import { oddAlgorithms, oddKeyIds, oddKeyVersions } from './hostile-values.js';
import type { RuleGroup } from './rule.js';

type HostileField = 'keyId' | 'keyVersion' | 'algorithm';

export const hostileFields: RuleGroup = {
  title: 'hostile fields',
  rules: () => [
    {
      title: 'opens nothing by a key id that only resembles a configured one',
      check: async (bench) => {
        await refusesAll(bench, 'keyId');
      },
    },
    {
      title: 'opens nothing by a key version that is none',
      check: async (bench) => {
        await refusesAll(bench, 'keyVersion');
      },
    },
    {
      title: 'opens nothing by an algorithm that is not its own',
      check: async (bench) => {
        await refusesAll(bench, 'algorithm');
      },
    },
    { title: 'opens the genuine wrapped key beside forged ones', check: genuineBesideForged },
  ],
};

async function refusesAll(bench: Bench, field: HostileField): Promise<void> {
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, bench.keyMaterial(), context);
  for (const forged of forgedFrom(bench, own, field)) await assertRefuses(bench, bench.keyring, forged, context, field);
}

async function genuineBesideForged(bench: Bench): Promise<void> {
  const context = await bench.context();
  const keyMaterial = bench.keyMaterial();
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  const forged = [...forgedFrom(bench, own, 'keyId'), ...forgedFrom(bench, own, 'keyVersion')];
  await assertOpens(bench, bench.keyring, [...forged.slice(0, 31), ...own], context, keyMaterial);
}

/** Wrapped keys with the right ciphertext and one field that an attacker chose. */
export function forgedFrom(bench: Bench, own: readonly WrappedKey[], field: HostileField): WrappedKey[] {
  const { manifest } = bench;
  const configured = own.map(({ keyId }) => keyId);
  return own.flatMap((key) => {
    const values = {
      keyId: () => oddKeyIds(key.keyId, configured),
      keyVersion: () => oddKeyVersions(key.keyVersion, manifest.keyVersions),
      algorithm: () => oddAlgorithms(key.algorithm, manifest),
    }[field]();
    return values.map((value) => ({ ...key, [field]: value }));
  });
}
