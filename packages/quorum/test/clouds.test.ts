/** Two of: AWS KMS in one Region, AWS KMS in another, Google Cloud KMS. Every fault of each, and every set of them down. */
import { decrypt, encrypt, inspect } from '@keyfold/core';
import type { FailureReason, Keyring } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import type { Fault } from '@keyfold/kms-simulators';
import { afterEach, describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { threeClouds } from './support/clouds.js';
import type { CloudKey } from './support/clouds.js';

const { sim, keys } = await threeClouds();
const FOREVER = 3_600_000;
/** A deadline in ms that must pass in these tests: nothing depends on an answer within it. */
const SHORT = 60;

const board = (deadline = FOREVER): Keyring =>
  quorumKeyring({ name: 'clouds', threshold: 2, shares: keys.map(({ keyring }) => keyring), deadline });
const context = { tenant: 'acme' };
const plaintext = new TextEncoder().encode('the only copy');
const envelope = await encrypt(plaintext, { keyring: board(), context });

const FAULTS: readonly (readonly [fault: Fault, reasons: readonly FailureReason[]])[] = [
  [{ kind: 'hang' }, ['timeout']],
  [{ kind: 'late-success', ms: FOREVER }, ['timeout']],
  [{ kind: 'reset' }, ['unavailable']],
  [{ kind: 'garbage' }, ['integrity', 'unavailable']],
  [{ kind: 'throttled' }, ['throttled']],
  [{ kind: 'access-denied' }, ['access-denied']],
  [{ kind: 'unavailable' }, ['unavailable']],
  [{ kind: 'wrong-plaintext' }, ['integrity']],
];
const isSilent = ({ kind }: Fault): boolean => kind === 'hang' || kind === 'late-success';

function strike(fault: Fault, key: CloudKey, operation: 'Encrypt' | 'Decrypt'): void {
  sim.faults.inject({ ...fault, ...key.target, operation });
}

/** Until nobody waits for an answer. */
async function allAbandoned(): Promise<void> {
  while (sim.requests.count({ outcome: 'pending' }) > 0) await new Promise((resolve) => setImmediate(resolve));
}

afterEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

it('holds a share under each of the three keys', () => {
  const [quorum] = inspect(envelope).wrappedKeys;
  expect(quorum?.quorum?.shares.map(({ wrappedKeys }) => wrappedKeys.map(({ keyId }) => keyId))).toEqual(keys.map(({ name }) => [name]));
});

describe.each(FAULTS)('%o', (fault, reasons) => {
  it.each(keys.map(({ target }, i) => [`${target.provider} in ${target.region}`, i] as const))('of %s stops no opening', async (_, i) => {
    strike(fault, keys[i] as CloudKey, 'Decrypt');
    expect(await decrypt(envelope, { keyring: board(), context })).toEqual(plaintext);
    // What was still silent has been given up, down to its request.
    await allAbandoned();
  });

  it.each([
    [0, 1],
    [0, 2],
    [1, 2],
  ])('of two, those in places %i and %i, stops it, and both are named', async (...down) => {
    for (const i of down) strike(fault, keys[i] as CloudKey, 'Decrypt');
    const error = await failure(decrypt(envelope, { keyring: board(isSilent(fault) ? SHORT : FOREVER), context }), 'unwrap-failed');
    const [summary, ...rows] = error.details.attempts;
    const named = rows.map(({ keyId }) => keyId);
    if (isSilent(fault)) {
      // On a slow machine, the third has not answered yet when the deadline passes.
      expect(summary?.message).toMatch(/^[01] of 3 shares came back, 2 are needed\.$/);
      expect(named).toEqual(expect.arrayContaining(down.map((i) => keys[i]?.name)));
    } else if (fault.kind === 'wrong-plaintext') {
      // A wrong share is not known to be wrong: all three came back.
      expect(summary?.message).toContain('3 of 3 shares came back, and no 2 of them');
      expect(named).toEqual(keys.map(({ name }) => name));
    } else {
      expect(summary?.message).toBe('1 of 3 shares came back, 2 are needed.');
      expect(named).toEqual(down.map((i) => keys[i]?.name));
    }
    for (const { reason, remedy } of rows) {
      expect(reasons).toContain(reason);
      expect(remedy).toMatch(/\.$/);
    }
    await allAbandoned();
  });

  it.each(keys.map(({ target }, i) => [`${target.provider} in ${target.region}`, i] as const))('of %s writes nothing', async (_, i) => {
    const key = keys[i] as CloudKey;
    strike(fault, key, 'Encrypt');
    const writing = encrypt(plaintext, { keyring: board(isSilent(fault) ? SHORT : FOREVER), context });
    // What is encrypted in the place of a share, nobody sees; the envelope opens with the two others.
    if (fault.kind === 'wrong-plaintext') {
      expect(await decrypt(await writing, { keyring: board(), context })).toEqual(plaintext);
      return;
    }
    const error = await failure(writing, 'wrap-failed');
    const named = error.details.attempts.map(({ keyId }) => keyId);
    if (isSilent(fault)) expect(named).toContain(key.name);
    else expect(named).toEqual([key.name]);
    for (const { reason } of error.details.attempts) expect(reasons).toContain(reason);
    await allAbandoned();
  });
});

it('outlives a Region, and says so when a second is down', async () => {
  sim.faults.regionDown('eu-central-1');
  expect(await decrypt(envelope, { keyring: board(), context })).toEqual(plaintext);
  sim.faults.regionDown('us-east-1');
  const error = await failure(decrypt(envelope, { keyring: board(), context }), 'unwrap-failed');
  expect(error.details.attempts[0]).toMatchObject({ keyId: 'clouds', retryable: true, message: '1 of 3 shares came back, 2 are needed.' });
  sim.faults.regionUp('eu-central-1');
  sim.faults.regionUp('us-east-1');
});

it('asks each cloud once, and hands all of them the context', async () => {
  await decrypt(envelope, { keyring: board(), context });
  await allAbandoned();
  expect(sim.requests.count({ operation: 'Decrypt' })).toBeLessThanOrEqual(3);
  sim.requests.reset();
  const error = await failure(decrypt(envelope, { keyring: board(), context: { tenant: 'umbrella' } }), 'context-mismatch');
  expect(error.details.keys).toEqual(['tenant']);
  expect(sim.requests.count()).toBe(0);
});

it('ends every request when the signal fires', async () => {
  for (const key of keys) strike({ kind: 'hang' }, key, 'Decrypt');
  const controller = new AbortController();
  const opening = decrypt(envelope, { keyring: board(), context, signal: controller.signal });
  while (sim.requests.count({ operation: 'Decrypt' }) < 3) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await failure(opening, 'aborted');
  await allAbandoned();
});
