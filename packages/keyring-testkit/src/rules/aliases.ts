import type { Bench } from '../bench/bench.js';
import { assertOpens } from '../bench/expectations.js';
import { wrapOwn } from '../bench/wrapping.js';
import { assert, show } from '../support/assert.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

export const aliases: RuleGroup = {
  title: 'aliases',
  rules: ({ manifest }) =>
    when(manifest.aliases === true, () => [
      { title: 'names the alias among its KEKs, without a call', check: namesTheAlias },
      { title: 'stores the resolved key id, never the alias', check: storesResolvedId },
      { title: 'opens what it wrapped before its alias was repointed', check: survivesRepointing },
    ]),
};

async function namesTheAlias(bench: Bench): Promise<void> {
  const before = await bench.fixture.requestCount?.();
  const { keks } = bench.hook(bench.fixture.alias, 'alias').keyring;
  const resolved = bench.fixture.keyring.keks.map(({ keyId }) => keyId);
  const named = keks.some(({ keyId }) => resolved.includes(keyId));
  assert(!named, 'keks must name a KEK as it is configured, an alias as the alias: a pending wrapped key goes by it.');
  assert((await bench.fixture.requestCount?.()) === before, 'keks must be known without a request.');
}

async function storesResolvedId(bench: Bench): Promise<void> {
  const aliased = bench.compose(bench.hook(bench.fixture.alias, 'alias').keyring);
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const byAlias = await wrapOwn(bench, aliased, keyMaterial, context);
  const byId = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  const [stored, resolved] = [byAlias, byId].map((keys) =>
    keys
      .map(({ keyId }) => keyId)
      .sort()
      .join(', '),
  );
  assert(
    stored === resolved,
    `wrap must store the key id that the provider answered with, ${show(resolved)}; it stored ${show(stored)}.`,
  );
  await assertOpens(bench, bench.keyring, byAlias, context, keyMaterial);
  await assertOpens(bench, aliased, byAlias, context, keyMaterial);
}

async function survivesRepointing(bench: Bench): Promise<void> {
  const { keyring, repoint } = bench.hook(bench.fixture.alias, 'alias');
  const aliased = bench.compose(keyring);
  const keyMaterial = bench.keyMaterial();
  const context = await bench.context();
  const before = await wrapOwn(bench, aliased, keyMaterial, context);
  await repoint();
  await assertOpens(bench, bench.keyring, before, context, keyMaterial);
  const after = await wrapOwn(bench, aliased, keyMaterial, context);
  const ids = before.map(({ keyId }) => keyId);
  // It may have remembered where the alias led. What it stores must say under which key it wrapped.
  const opener = after.every(({ keyId }) => ids.includes(keyId)) ? bench.keyring : bench.stranger;
  await assertOpens(bench, opener, after, context, keyMaterial);
}
