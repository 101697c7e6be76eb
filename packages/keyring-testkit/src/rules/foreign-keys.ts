import type { EncryptionContext, WrappedKey } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import { assertForeign, assertOpens } from '../bench/expectations.js';
import { wrap, wrapOwn } from '../bench/wrapping.js';
import { randomBytes } from '../support/bytes.js';
import { oddKeyIds } from './hostile-values.js';
import type { RuleGroup } from './rule.js';

/** As many wrapped keys as an envelope holds. */
const MOST_WRAPPED_KEYS = 32;

export const foreignKeys: RuleGroup = {
  title: 'wrapped keys of others',
  rules: () => [
    { title: 'gives null when there is no wrapped key', check: nothingThere },
    { title: 'gives null for another provider, even with its own key id', check: otherProvider },
    { title: 'gives null for another key of its own provider', check: otherKey },
    { title: 'finds its own wrapped key among others, in any order', check: amongOthers },
  ],
};

async function nothingThere(bench: Bench): Promise<void> {
  await assertForeign(bench, bench.keyring, [], await bench.context());
}

async function otherProvider(bench: Bench): Promise<void> {
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, bench.keyMaterial(), context);
  await assertForeign(bench, bench.keyring, ofOtherProviders(own), context);
}

/** Wrapped keys that differ in the provider alone. */
export function ofOtherProviders(own: readonly WrappedKey[]): WrappedKey[] {
  return own.flatMap((key) =>
    [`${key.provider}-2`, `x-${key.provider}`, key.provider.slice(0, -1) || 'x', 'someone-else'].map((provider) => ({
      ...key,
      provider,
    })),
  );
}

async function otherKey(bench: Bench): Promise<void> {
  const context = await bench.context();
  const strangers = await wrap(bench, bench.stranger, bench.keyMaterial(), context);
  await assertForeign(bench, bench.keyring, strangers, context);
  const damaged = strangers.map((key) => ({ ...key, ciphertext: randomBytes(key.ciphertext.length) }));
  await assertForeign(bench, bench.keyring, damaged, context);
  const [model] = bench.own(strangers);
  if (model === undefined) return;
  const elsewhere = (bench.fixture.foreignKeyIds ?? []).map((keyId) => ({ ...model, keyId }));
  await assertForeign(bench, bench.keyring, elsewhere, context);
}

async function amongOthers(bench: Bench): Promise<void> {
  const context = await bench.context();
  const keyMaterial = bench.keyMaterial();
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, context);
  const others = (await foreignTo(bench, own, context)).slice(0, MOST_WRAPPED_KEYS - own.length);
  await assertOpens(bench, bench.keyring, [...others, ...own], context, keyMaterial);
  await assertOpens(bench, bench.keyring, [...own, ...others], context, keyMaterial);
  const middle = others.length >> 1;
  const mixed = [...others.slice(0, middle), ...own, ...others.slice(middle)];
  await assertOpens(bench, bench.keyring, mixed, context, keyMaterial);
}

/** Wrapped keys of every kind that is not the keyring's, each with an identity of its own. */
export async function foreignTo(
  bench: Bench,
  own: readonly WrappedKey[],
  context: EncryptionContext,
): Promise<WrappedKey[]> {
  const strangers = await wrap(bench, bench.stranger, bench.keyMaterial(), context);
  const [model] = bench.own(strangers);
  const elsewhere =
    model === undefined ? [] : (bench.fixture.foreignKeyIds ?? []).map((keyId) => ({ ...model, keyId }));
  const ids = own.map(({ keyId }) => keyId);
  const odd = own.flatMap((key) => oddKeyIds(key.keyId, ids).map((keyId) => ({ ...key, keyId })));
  return [...strangers, ...elsewhere, ...ofOtherProviders(own), ...odd];
}
