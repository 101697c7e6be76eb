// The conformance suite on two real keys of one cloud: `node suite.mjs <provider> <key> <another key>`. Keyrings are made as
// the command-line tool makes them, from the settings of its configuration.
import assert from 'node:assert/strict';
import { describe, it as test } from 'node:test';
import { CLOUDS } from './clouds.mjs';

/** @param {string} path */
const built = (path) => new URL(`../../${path}`, import.meta.url).href;

/** @type {typeof import('../../keyring-testkit/src/index.js')} */
const { keyringConformance } = await import(built('keyring-testkit/dist/index.js'));
/** @type {typeof import('../../cli/src/keyrings/providers.js')} */
const { loadProvider } = await import(built('cli/dist/keyrings/providers.js'));

/** Rules that an emulator is known to fail, and why: each has to, so that one that has learnt better is noticed, unless chance decides. */
const deviations = /** @type {Record<string, import('../emulators/list.mjs').Deviation>} */ (JSON.parse(process.env['KEYFOLD_KNOWN_DEVIATIONS'] ?? '{}'));

const KEPT = 'The emulator keeps to this rule now: take it off its list.';

/** @param {string} title @param {() => Promise<void>} check */
function it(title, check) {
  const known = deviations[title];
  if (known === undefined) void test(title, check);
  else void test(`(known deviation: ${known.why}) ${title}`, async () => {
    await (known.byChance === true ? check().catch(() => undefined) : assert.rejects(check, KEPT));
  });
}

/** An answer from another continent takes its time, as does a token. */
const PATIENCE = 30_000;

const [name, key = '', otherKey = ''] = process.argv.slice(2);
const cloud = CLOUDS.find(({ provider }) => provider === name);
if (cloud === undefined) throw new Error(`There is no cloud ${name}.`);
const provider = await loadProvider(cloud.provider, cloud.variable);

/** @param {string} one */
async function keyringOf(one) {
  const { keyring } = await provider.fromSettings(cloud?.settings(one) ?? {}, { argument: cloud?.variable ?? '', folder: process.cwd() });
  return /** @type {typeof keyring & { close?: () => unknown }} */ (keyring);
}

keyringConformance({
  describe,
  it,
  name: `${cloud.title}, ${key}`,
  manifest: cloud.manifest(key),
  // That keyrings can be members of others does not depend on who answers; the simulators show it.
  compositions: [],
  patience: PATIENCE,
  async factory() {
    const [keyring, twin, stranger] = await Promise.all([keyringOf(key), keyringOf(key), keyringOf(otherKey)]);
    return {
      keyring,
      twin,
      stranger,
      foreignKeyIds: cloud.foreignKeyIds(key),
      cleanup: async () => {
        for (const one of [keyring, twin, stranger]) await one.close?.();
      },
    };
  },
});
