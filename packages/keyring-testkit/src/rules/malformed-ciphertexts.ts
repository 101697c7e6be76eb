import type { FailureReason } from '@keyfold/core';
import type { Bench } from '../bench/bench.js';
import { assertFails, assertOpens } from '../bench/expectations.js';
import { wrap, wrapOwn } from '../bench/wrapping.js';
import { assert } from '../support/assert.js';
import { concat, flipBit, randomBytes } from '../support/bytes.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

/** Makes a ciphertext that is not the genuine one. `others` is one that another key made, for other key material. */
type Damage = (genuine: Uint8Array, others: Uint8Array) => Uint8Array;

const DAMAGES: Readonly<Record<string, Damage>> = {
  'cut to its first byte': (genuine) => genuine.slice(0, 1),
  'cut to its half': (genuine) => genuine.slice(0, Math.max(1, genuine.length >> 1)),
  'without its first byte': (genuine) => genuine.slice(1),
  'without its last byte': (genuine) => genuine.slice(0, -1),
  'with a bit flipped at its start': (genuine) => flipBit(genuine, 0),
  'with a bit flipped in its middle': (genuine) => flipBit(genuine, genuine.length >> 1),
  'with a bit flipped at its end': (genuine) => flipBit(genuine, genuine.length - 1),
  'with a byte more at its end': (genuine) => concat(genuine, Uint8Array.of(0)),
  'with a byte more at its start': (genuine) => concat(Uint8Array.of(0), genuine),
  doubled: (genuine) => concat(genuine, genuine),
  'all zero': (genuine) => new Uint8Array(genuine.length),
  random: (genuine) => randomBytes(genuine.length),
  'made by another key': (_genuine, others) => others,
  '65,535 bytes long': () => randomBytes(65_535),
};

/** What a provider, or a keyring, may say of a ciphertext that it did not make like this. */
export const NOT_GENUINE: readonly FailureReason[] = ['corrupt', 'integrity', 'context-mismatch'];

export const malformedCiphertexts: RuleGroup = {
  title: 'malformed ciphertexts',
  rules: ({ manifest }) => [
    ...Object.entries(DAMAGES).map(([name, damage]) => ({
      title: `fails, and does not give null, for a ciphertext ${name}`,
      check: async (bench: Bench) => {
        await refusesDamaged(bench, damage);
      },
    })),
    ...when((manifest.wrapsPerKeyring ?? 1) > 1, () => [
      { title: 'opens an intact wrapped key beside damaged ones', check: opensTheIntactOne },
    ]),
  ],
};

async function refusesDamaged(bench: Bench, damage: Damage): Promise<void> {
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, bench.keyMaterial(), context);
  const others = await wrapOwn(bench, bench.stranger, bench.keyMaterial(), context);
  const damaged = own.map((key, i) => ({
    ...key,
    ciphertext: damage(key.ciphertext, others[i]?.ciphertext ?? randomBytes(1)),
  }));
  const expected = { reasons: NOT_GENUINE, retryable: false };
  // The header's MAC covers the ciphertext: whatever came back, the engine would not accept it.
  await assertFails(bench, bench.keyring, damaged, { context, accept: () => false }, expected);
}

async function opensTheIntactOne(bench: Bench): Promise<void> {
  const context = await bench.context();
  const keyMaterial = bench.keyMaterial();
  const all = await wrap(bench, bench.keyring, keyMaterial, context);
  for (const intact of all) {
    const keys = all.map((key) => (key === intact ? key : { ...key, ciphertext: flipBit(key.ciphertext, 0) }));
    const { wrappedKey } = await assertOpens(bench, bench.keyring, keys, context, keyMaterial);
    assert(wrappedKey.keyId === intact.keyId, 'unwrap must name the wrapped key that it opened.');
  }
}
