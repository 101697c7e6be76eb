import type { Awaitable } from '@keyfold/core/keyring';
import { Bench } from './bench/bench.js';
import type { Plan } from './bench/bench.js';
import type { Composition } from './compositions/composition.js';
import { defaultCompositions } from './compositions/index.js';
import type { KeyringFixture } from './fixture.js';
import type { KeyringManifest } from './manifest.js';
import { ruleGroups } from './rules/index.js';
import type { Rule } from './rules/rule.js';
import { ConformanceError, fail, show } from './support/assert.js';
import { withoutUnhandledRejections } from './support/unhandled-rejections.js';

/** What the suite needs to know. */
export interface ConformanceOptions {
  /** Of Vitest, node:test, Jest or Bun: names a group of tests. `body` is called with nothing and returns nothing. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Of the same test runner: names a test, which fails when its promise is rejected. */
  readonly it: (name: string, body: () => Promise<void>) => unknown;
  /** What the keyring is and can do. */
  readonly manifest: KeyringManifest;
  /**
   * Makes keyrings that were not used before, and the hooks behind them. Called once for each rule; what takes long to
   * make, such as an RSA key or a server, is made once outside.
   */
  readonly factory: () => Awaitable<KeyringFixture>;
  /** How reports name the keyring. Default: the manifest's provider. */
  readonly name?: string;
  /** What the suite runs inside once more. Default: `defaultCompositions`. */
  readonly compositions?: readonly Composition[];
  /**
   * How long in ms a call may take before the suite says that it hangs. Default 4,000, which is less than most test
   * runners allow a test. The keyring's own deadlines have to be shorter.
   */
  readonly patience?: number;
}

/**
 * Registers the conformance suite of the keyring contract with a test runner: first for the keyring alone, then inside
 * each composition.
 *
 * Each rule is one test, on a fixture of its own. Which rules there are depends on the manifest alone; none is skipped
 * while the suite runs. A test whose rule is broken fails with a `ConformanceError`, whose message says what the contract
 * wants and what was seen, and whose `cause` is what the keyring threw. It itself throws nothing.
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { keyringConformance } from '@keyfold/keyring-testkit';
 * import { rawAesKeyring } from '@keyfold/local-raw';
 *
 * keyringConformance({
 *   describe,
 *   it,
 *   manifest: {
 *     provider: 'local-raw',
 *     algorithms: ['HKDF-SHA512-AES-256-GCM'],
 *     contextBinding: 'kms',
 *     keyVersions: false,
 *     generate: false,
 *     check: true,
 *   },
 *   factory() {
 *     const key = crypto.getRandomValues(new Uint8Array(32));
 *     const otherKey = crypto.getRandomValues(new Uint8Array(32));
 *     return {
 *       keyring: rawAesKeyring({ name: 'app', key }),
 *       twin: rawAesKeyring({ name: 'app', key }),
 *       stranger: rawAesKeyring({ name: 'other', key: otherKey }),
 *       secrets: [key],
 *     };
 *   },
 * });
 * ```
 */
export function keyringConformance(options: ConformanceOptions): void {
  const {
    describe,
    manifest,
    name = manifest.provider,
    compositions = defaultCompositions,
    patience = 4_000,
  } = options;
  describe(`keyring contract: ${name}`, () => {
    register(options, { manifest, inside: manifest, composition: undefined, patience });
  });
  for (const composition of compositions) {
    describe(`keyring contract: ${name} inside ${composition.name}`, () => {
      register(options, {
        manifest: composition.adapt?.(manifest) ?? manifest,
        inside: manifest,
        composition,
        patience,
      });
    });
  }
}

function register({ describe, it, factory }: ConformanceOptions, plan: Plan): void {
  for (const group of ruleGroups) {
    const rules = group.rules(plan);
    if (rules.length === 0) continue;
    describe(group.title, () => {
      for (const rule of rules) {
        it(rule.title, async () => {
          await runRule(rule, plan, factory);
        });
      }
    });
  }
}

async function runRule(rule: Rule, plan: Plan, factory: ConformanceOptions['factory']): Promise<void> {
  await withoutUnhandledRejections(async () => {
    const fixture = await factory();
    try {
      await rule.check(new Bench(plan, fixture));
    } catch (error) {
      if (error instanceof ConformanceError) throw error;
      fail(`The keyring, or what it works with, must not throw here; it threw ${show(error)}`, error);
    } finally {
      await fixture.cleanup?.();
    }
  });
}
