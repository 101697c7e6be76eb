import type { EncryptionContext } from '@keyfold/core/keyring';
import type { Bench } from '../bench/bench.js';
import { call, quiet, start } from '../bench/call.js';
import { succeeded } from '../bench/wrapping.js';
import type { Operation } from '../manifest.js';
import { assert } from '../support/assert.js';
import { equalBytes } from '../support/bytes.js';
import { turn, within } from '../support/settle.js';
import { trackedSignal } from '../support/tracked-signal.js';
import { requestFor } from './requests-for.js';
import type { RuleGroup } from './rule.js';
import { operationsOf } from './operations-of.js';

export const inputs: RuleGroup = {
  title: 'what it is handed',
  rules: ({ manifest }) => [
    { title: 'changes nothing of it', check: changesNothing },
    ...operationsOf(manifest).map((operation) => ({
      title: `leaves no listener on the signal after ${operation}`,
      check: async (bench: Bench) => {
        await leavesNoListener(bench, operation);
      },
    })),
  ],
};

async function changesNothing(bench: Bench): Promise<void> {
  const context = await bench.context({ tenant: 'acme', purpose: 'backup' });
  const before = snapshot(context);
  const keyMaterial = bench.keyMaterial();
  const copy = new Uint8Array(keyMaterial);
  const wrapRequest = Object.freeze({ keyMaterial, context: Object.freeze(context), signal: quiet() });
  const { wrappedKeys } = succeeded(await call(bench, bench.keyring, 'wrap', wrapRequest), 'wrap of a frozen request');
  assert(equalBytes(keyMaterial, copy), 'wrap must not change request.keyMaterial: wiping it is the caller’s.');
  assert(snapshot(context) === before, 'wrap must not change request.context.');

  const given = Object.freeze(
    wrappedKeys.map((key) => Object.freeze({ ...key, ciphertext: new Uint8Array(key.ciphertext) })),
  );
  const keysBefore = given.map(({ ciphertext }) => new Uint8Array(ciphertext));
  const accepts = async (candidate: Uint8Array): Promise<boolean> => await Promise.resolve(equalBytes(candidate, copy));
  const unwrapRequest = Object.freeze({ wrappedKeys: given, context, accepts, signal: quiet() });
  succeeded(await call(bench, bench.keyring, 'unwrap', unwrapRequest), 'unwrap of a frozen request');
  const same = given.every(({ ciphertext }, i) => equalBytes(ciphertext, keysBefore[i] ?? ciphertext));
  assert(same, 'unwrap must not change a wrapped key of the request.');
  assert(snapshot(context) === before, 'unwrap must not change request.context.');

  if (!bench.manifest.generate) return;
  const request = Object.freeze({ context, signal: quiet() });
  succeeded(await call(bench, bench.keyring, 'generate', request), 'generate of a frozen request');
  assert(snapshot(context) === before, 'generate must not change request.context.');
}

function snapshot({ pairs, digest }: EncryptionContext): string {
  return JSON.stringify([[...pairs], [...digest]]);
}

async function leavesNoListener(bench: Bench, operation: Operation): Promise<void> {
  const { signal, listeners } = trackedSignal();
  const prepared = await requestFor(bench, operation, signal);
  await within(start(bench.keyring, operation, prepared), bench.plan.patience, `${operation} must end`);
  // A client may clean up a little after it has answered.
  const until = Date.now() + bench.plan.patience;
  while (listeners() > 0 && Date.now() < until) await turn();
  assert(
    listeners() === 0,
    `${operation} must remove its listeners from the signal: a caller may use one signal for years.`,
  );
}
