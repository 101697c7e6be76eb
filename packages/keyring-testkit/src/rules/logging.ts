import type { Bench } from '../bench/bench.js';
import { quiet, start } from '../bench/call.js';
import { unwrap } from '../bench/unwrapping.js';
import { wrapOwn } from '../bench/wrapping.js';
import { assert } from '../support/assert.js';
import { flipBit } from '../support/bytes.js';
import { within } from '../support/settle.js';
import { operationsOf } from './operations-of.js';
import { requestFor } from './requests-for.js';
import type { RuleGroup } from './rule.js';

export const logging: RuleGroup = {
  title: 'logs',
  rules: () => [{ title: 'writes none', check: writesNone }],
};

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const;

async function writesNone(bench: Bench): Promise<void> {
  const { console } = globalThis;
  const originals = { ...console };
  const written: string[] = [];
  for (const name of METHODS) console[name] = () => void written.push(name);
  try {
    await useEverything(bench);
  } finally {
    Object.assign(console, originals);
  }
  const [first] = written;
  assert(
    first === undefined,
    `A keyring must write no logs, it reports through errors; it called console.${first ?? ''}.`,
  );
}

/** Every operation once, and an unwrap that fails. */
async function useEverything(bench: Bench): Promise<void> {
  for (const operation of operationsOf(bench.manifest)) {
    const request = await requestFor(bench, operation, quiet());
    await within(start(bench.keyring, operation, request), bench.plan.patience, `${operation} must end`);
  }
  const context = await bench.context();
  const own = await wrapOwn(bench, bench.keyring, bench.keyMaterial(), context);
  const damaged = own.map((key) => ({ ...key, ciphertext: flipBit(key.ciphertext, key.ciphertext.length - 1) }));
  await unwrap(bench, bench.keyring, damaged, { context, accept: () => false });
}
