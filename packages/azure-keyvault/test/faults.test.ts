/** What only a deadline ends, what is tried again, and what is left behind. */
import { decrypt, encrypt } from '@keyfold/core';
import { azureKeyVaultKeyring } from '@keyfold/azure-keyvault';
import { like, until, withoutTimers } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import type { Fault } from '@keyfold/kms-simulators';
import { beforeEach, describe, expect, it } from 'vitest';
import { AMPLE, hostOf, simulated } from './support/simulated.js';

/** Longer than any test. */
const FOREVER = 3_600_000;
/** Shorter than any answer that is withheld. */
const SHORT = 100;
const OPERATIONS = ['WrapKey', 'UnwrapKey'];

const { sim, keyring } = await simulated();
const { keyId } = await sim.azure.createKey();

beforeEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

const SLOW: readonly Fault[] = [{ kind: 'hang' }, { kind: 'latency', ms: FOREVER }, { kind: 'late-success', ms: FOREVER }];

describe('a deadline', () => {
  it.each(SLOW)('ends every operation under $kind, and its request', async (fault) => {
    const wrappedKey = await wrapOne(keyring({ key: keyId }));
    const impatient = keyring({ key: keyId, timeoutMs: SHORT });
    sim.faults.inject(fault);
    sim.requests.reset();
    const wrapError = await failure(wrapOne(impatient), 'keyring-failed');
    const unwrapError = await failure(unwrapFrom(impatient, [wrappedKey]), 'keyring-failed');
    for (const { details, message } of [wrapError, unwrapError]) {
      expect(details).toMatchObject({ reason: 'timeout', retryable: true, remedy: like(/timeoutMs/) });
      expect(message).toContain(`${SHORT} ms`);
    }
    const [row] = await impatient.check({ signal: new AbortController().signal });
    expect(row).toMatchObject({ reachable: false, state: 'unknown', permitted: { wrap: 'unknown', unwrap: 'unknown' }, problem: { reason: 'timeout' } });
    await until(() => sim.requests.count({ outcome: 'no-answer' }) === 3);
  });
});

describe('attempts', () => {
  const passing: readonly Fault[] = [{ kind: 'unavailable' }, { kind: 'garbage' }, { kind: 'reset' }, { kind: 'internal-error' }];

  it.each(passing)('are made again under $kind, and succeed when it passes', async (fault) => {
    const patient = keyring({ key: keyId, maxAttempts: 3 });
    sim.faults.inject({ ...fault, operation: 'WrapKey', count: 2 });
    const wrappedKey = await wrapOne(patient);
    expect(sim.requests.count({ operation: 'WrapKey' })).toBe(3);
    sim.faults.inject({ ...fault, operation: 'UnwrapKey', count: 2 });
    expect((await unwrapFrom(patient, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
  });

  it('are three, when nothing passes', async () => {
    const { clientOptions, credential } = { clientOptions: sim.azure.clientOptions(), credential: sim.azure.credential };
    const patient = azureKeyVaultKeyring({ key: keyId, timeoutMs: AMPLE, trustedHosts: [hostOf(keyId)], clientOptions, credential });
    sim.faults.inject({ kind: 'unavailable', operation: 'WrapKey' });
    expect((await failure(wrapOne(patient), 'keyring-failed')).details).toMatchObject({ reason: 'unavailable', retryable: true });
    expect(sim.requests.count({ operation: 'WrapKey' })).toBe(3);
  });

  it('are not repeated where that helps nobody', async () => {
    const patient = keyring({ key: keyId, maxAttempts: 3 });
    await wrapOne(patient);
    for (const kind of ['throttled', 'access-denied', 'other-key'] as const) {
      sim.faults.clear();
      sim.requests.reset();
      sim.faults.inject({ kind, operation: 'WrapKey' });
      await failure(wrapOne(patient), 'keyring-failed');
      expect(sim.requests.count(), kind).toBe(1);
    }
  });

  it('end with the deadline, and with the caller’s signal', async () => {
    sim.faults.inject({ kind: 'hang', operation: 'WrapKey' });
    const impatient = keyring({ key: keyId, maxAttempts: 10, timeoutMs: SHORT });
    expect((await failure(wrapOne(impatient), 'keyring-failed')).details.reason).toBe('timeout');
    sim.faults.clear();
    sim.faults.inject({ kind: 'unavailable', operation: 'WrapKey' });
    const controller = new AbortController();
    const seen = failure(wrapOne(keyring({ key: keyId, maxAttempts: 10 }), {}, { signal: controller.signal }), 'aborted');
    await until(() => sim.requests.count({ outcome: 'ServiceUnavailable' }) > 1);
    controller.abort();
    await seen;
  });
});

describe('a wrong answer', () => {
  it('that only the MAC can tell is named as such', async () => {
    const one = keyring({ key: keyId });
    const envelope = await encrypt(new Uint8Array(9), { keyring: one });
    sim.faults.inject({ kind: 'wrong-plaintext', operation: 'UnwrapKey' });
    const { details } = await failure(decrypt(envelope, { keyring: one }), 'unwrap-failed');
    expect(details.attempts).toMatchObject([{ keyId, reason: 'integrity' }]);
  });

  it('to a wrap is for nobody to see but the reader', async () => {
    const one = keyring({ key: keyId });
    sim.faults.inject({ kind: 'wrong-plaintext', operation: 'WrapKey', count: 1 });
    const envelope = await encrypt(new Uint8Array(9), { keyring: one });
    await failure(decrypt(envelope, { keyring: one }), 'unwrap-failed');
  });
});

it('the caller’s signal ends the request itself', async () => {
  sim.faults.inject({ kind: 'hang', operation: OPERATIONS });
  const controller = new AbortController();
  const seen = failure(wrapOne(keyring({ key: keyId }), {}, { signal: controller.signal }), 'aborted');
  await until(() => sim.requests.count({ operation: 'WrapKey' }) === 1);
  controller.abort(new Error('The user went away.'));
  expect((await seen).cause).toEqual(new Error('The user went away.'));
  await until(() => sim.requests.count({ outcome: 'no-answer' }) === 1);
});

it('no timer is left, whatever happened', async () => {
  await withoutTimers(async () => {
    const own = keyring({ key: keyId, timeoutMs: SHORT });
    sim.faults.inject({ kind: 'hang', count: 1, operation: 'WrapKey' });
    await failure(wrapOne(own), 'keyring-failed');
    sim.faults.inject({ kind: 'unavailable', count: 1, operation: 'WrapKey' });
    await wrapOne(keyring({ key: keyId, maxAttempts: 3 }));
  });
});
