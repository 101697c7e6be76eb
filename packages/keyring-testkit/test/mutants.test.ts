import { describe, expect, it } from 'vitest';
import { ConformanceError } from '../src/index.js';
import type { KeyringFixture } from '../src/index.js';
import { abilityMutants } from './mutants/abilities.js';
import { cancellationMutants } from './mutants/cancellation.js';
import { contextMutants } from './mutants/contexts.js';
import { envelopeMutants } from './mutants/envelopes.js';
import { faultMutants } from './mutants/faults.js';
import { generatingMutants } from './mutants/generating.js';
import { inputMutants } from './mutants/inputs.js';
import type { Mutant } from './mutants/mutant.js';
import { shapeMutants } from './mutants/shape.js';
import { unwrappingMutants } from './mutants/unwrapping.js';
import { wrappingMutants } from './mutants/wrapping.js';
import { collect } from './support/collect.js';
import type { Collected } from './support/collect.js';
import { toyFixture, toyManifest, twoKeksManifest } from './support/toy-fixture.js';
import { toyRsaFixture, toyRsaManifest } from './support/toy-rsa-keyring.js';

const mutants: readonly Mutant[] = [
  ...shapeMutants,
  ...wrappingMutants,
  ...generatingMutants,
  ...envelopeMutants,
  ...unwrappingMutants,
  ...contextMutants,
  ...inputMutants,
  ...cancellationMutants,
  ...abilityMutants,
  ...faultMutants,
];

const MANIFESTS = { toy: toyManifest, 'two KEKs': twoKeksManifest, rsa: toyRsaManifest };

/** The suite's tests for a mutant; for the keyring alone, unless it is about a composition. */
function testsOf(mutant: Mutant): Collected[] {
  const { base = 'toy', composition, manifest, deadline } = mutant;
  const tests = collect({
    manifest: { ...MANIFESTS[base], ...manifest },
    factory: async () =>
      base === 'rsa'
        ? breakAll(mutant, await toyRsaFixture())
        : breakAll(mutant, toyFixture(base === 'toy' ? 1 : 2, deadline)),
    compositions: composition === undefined ? [] : [composition],
    patience: mutant.hangs === true ? 200 : 10_000,
  });
  return tests.filter(({ path }) => composition === undefined || path[0]?.includes(' inside ') === true);
}

function breakAll(
  { breaks = (keyring) => keyring, breaksFixture = (fixture) => fixture }: Mutant,
  fixture: KeyringFixture,
): KeyringFixture {
  const kms = 'kms' in fixture ? (fixture as ReturnType<typeof toyFixture>).kms : (undefined as never);
  const { keyring, twin, stranger, alias } = fixture;
  return breaksFixture({
    ...fixture,
    keyring: breaks(keyring, kms),
    twin: breaks(twin, kms),
    stranger: breaks(stranger, kms),
    ...(alias && { alias: { ...alias, keyring: breaks(alias.keyring, kms) } }),
    ...(fixture.offline && { offline: breaks(fixture.offline, kms) }),
  });
}

function meant(title: string, rules: Mutant['caughtBy']): boolean {
  return rules.some((rule) => (typeof rule === 'string' ? rule === title : rule.test(title)));
}

describe('a keyring that breaks a rule is found out', () => {
  for (const mutant of mutants) {
    it(mutant.name, async () => {
      const tests = testsOf(mutant);
      for (const rule of mutant.caughtBy) {
        const found = tests.filter(({ title }) => meant(title, [rule]));
        expect(found, `there is a rule ${String(rule)}`).not.toHaveLength(0);
        for (const { title, run } of found) {
          const thrown: unknown = await run().then(
            () => 'nothing',
            (error: unknown) => error,
          );
          expect(thrown, title).toBeInstanceOf(ConformanceError);
          expect((thrown as Error).message, title).toMatch(mutant.says);
        }
      }
    });
  }
});

it('there is a broken keyring for every rule', () => {
  const rules = new Set(
    Object.keys(MANIFESTS)
      .flatMap((base) => testsOf({ name: '', base: base as keyof typeof MANIFESTS, caughtBy: [], says: /./ }))
      .map(({ title }) => title),
  );
  const caught = mutants.flatMap(({ caughtBy }) => caughtBy);
  expect([...rules].filter((title) => !meant(title, caught))).toEqual([]);
});
