import type { EncryptionContext } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import { assertFails, assertOpens } from '../bench/expectations.js';
import { wrapOwn } from '../bench/wrapping.js';
import { NOT_GENUINE } from './malformed-ciphertexts.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

type Pairs = Readonly<Record<string, string>>;

/** A context, and one under which nothing of it may open. */
const MISMATCHES: Readonly<Record<string, readonly [Pairs, Pairs]>> = {
  'with another value': [{ tenant: 'acme-corporation' }, { tenant: 'umbrella-corporation' }],
  'with another key': [{ tenant: 'acme' }, { client: 'acme' }],
  'in another case': [{ tenant: 'acme' }, { tenant: 'Acme' }],
  'that is empty': [{ tenant: 'acme' }, {}],
  'where there was none': [{}, { tenant: 'acme' }],
  'that lacks a pair': [{ tenant: 'acme', purpose: 'backup' }, { tenant: 'acme' }],
  'that has a pair more': [{ tenant: 'acme' }, { tenant: 'acme', purpose: 'backup' }],
  'with its values swapped': [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ],
  'that joins to the same text': [{ a: 'b:c' }, { 'a:b': 'c' }],
  'in another Unicode form': [{ name: 'caf\u00e9' }, { name: 'cafe\u0301' }],
  // A plain object loses this pair when it is set with `object[key] = value`.
  'that lacks the pair __proto__': [withPrototypeKey('acme'), { purpose: 'backup' }],
};

const UNUSUAL: readonly Pairs[] = [
  {},
  { tenant: 'acme' },
  { имя: 'значение', 名前: '値', '🔑': '\u{1f5dd}\ufe0f' },
  { 'with spaces and "quotes"': "it's; <b>&amp;</b> 100 % \\ /" },
  withPrototypeKey('acme'),
  { constructor: 'a', toString: 'b', hasOwnProperty: 'c' },
  Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`key-${i}`, 'v'.repeat(60)])),
];

function withPrototypeKey(value: string): Pairs {
  return Object.fromEntries([
    ['__proto__', value],
    ['purpose', 'backup'],
  ]);
}

export const contexts: RuleGroup = {
  title: 'encryption context',
  rules: ({ manifest }) => [
    { title: 'unwraps under the context that it wrapped under, whatever is in it', check: unusualContexts },
    ...when(manifest.contextBinding === 'kms', () =>
      Object.entries(MISMATCHES).map(([name, [written, read]]) => ({
        title: `fails under a context ${name}`,
        check: async (bench: Bench) => {
          await refusesMismatch(bench, await bench.context(written), await bench.context(read));
        },
      })),
    ),
    ...when(manifest.contextBinding === 'engine', () => [
      { title: 'leaves the context to the engine, as its manifest says', check: leavesItToTheEngine },
    ]),
  ],
};

async function unusualContexts(bench: Bench): Promise<void> {
  for (const pairs of UNUSUAL) {
    const keyMaterial = bench.keyMaterial();
    const own = await wrapOwn(bench, bench.keyring, keyMaterial, await bench.context(pairs));
    await assertOpens(bench, bench.twin, own, await bench.context(pairs), keyMaterial);
  }
}

async function refusesMismatch(bench: Bench, written: EncryptionContext, read: EncryptionContext): Promise<void> {
  const own = await wrapOwn(bench, bench.keyring, bench.keyMaterial(), written);
  // It would be accepted, so only the keyring can refuse it.
  const accept = (): boolean => true;
  await assertFails(bench, bench.keyring, own, { context: read, accept }, { reasons: NOT_GENUINE, retryable: false });
}

async function leavesItToTheEngine(bench: Bench): Promise<void> {
  const keyMaterial = bench.keyMaterial();
  const own = await wrapOwn(bench, bench.keyring, keyMaterial, await bench.context({ tenant: 'acme-corporation' }));
  await assertOpens(bench, bench.keyring, own, await bench.context({ tenant: 'umbrella-corporation' }), keyMaterial);
}
