/** What only a deadline ends, what is tried again, and what is left behind. */
import { decrypt, encrypt, isKeyfoldError } from '@keyfold/core';
import { like, until, withoutLeaks } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { gcpKmsKeyring } from '@keyfold/gcp-kms';
import type { Fault } from '@keyfold/kms-simulators';
import { beforeEach, describe, expect, it } from 'vitest';
import { AMPLE, HOME, simulated } from './support/simulated.js';

/** Longer than any test. */
const FOREVER = 3_600_000;
/** Shorter than any answer that is withheld. */
const SHORT = 100;

const { sim, keyring, client } = await simulated();
const symmetric = await sim.gcp.createKey({ location: HOME });
const rsa = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });

beforeEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

const SLOW: readonly Fault[] = [{ kind: 'hang' }, { kind: 'latency', ms: FOREVER }, { kind: 'late-success', ms: FOREVER }];

describe.each([
  ['symmetric', symmetric.name],
  ['RSA', rsa.version],
])('a deadline, with a %s key', (_kind, key) => {
  it.each(SLOW)('ends every operation under $kind, and its request', async (fault) => {
    const wrappedKey = await wrapOne(keyring({ key }));
    const impatient = keyring({ key, timeoutMs: SHORT });
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
  const passing: readonly Fault[] = [{ kind: 'unavailable' }, { kind: 'garbage' }, { kind: 'wrong-crc' }, { kind: 'unverified-crc', operation: 'Encrypt' }];

  it.each(passing)('are made again under $kind, and succeed when it passes', async (fault) => {
    const patient = keyring({ key: symmetric.name, maxAttempts: 3 });
    sim.faults.inject({ ...fault, operation: 'Encrypt', count: 2 });
    const wrappedKey = await wrapOne(patient);
    expect(sim.requests.count({ operation: 'Encrypt' })).toBe(3);
    if (fault.kind !== 'unverified-crc') sim.faults.inject({ ...fault, operation: 'Decrypt', count: 2 });
    expect((await unwrapFrom(patient, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
  });

  it('are three, when nothing passes', async () => {
    const { maxAttempts: _none, ...settings } = { key: symmetric.name, timeoutMs: AMPLE, client: client(), maxAttempts: undefined };
    const patient = gcpKmsKeyring(settings);
    sim.faults.inject({ kind: 'wrong-crc' });
    const { details, message } = await failure(wrapOne(patient), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'integrity', retryable: false });
    expect(message).toContain('checksum');
    expect(sim.requests.count({ operation: 'Encrypt' })).toBe(3);
  });

  it('are not repeated where that helps nobody', async () => {
    const patient = keyring({ key: symmetric.name, maxAttempts: 3 });
    for (const kind of ['throttled', 'access-denied', 'internal-error'] as const) {
      sim.faults.clear();
      sim.requests.reset();
      sim.faults.inject({ kind });
      await failure(wrapOne(patient), 'keyring-failed');
      expect(sim.requests.count(), kind).toBe(1);
    }
  });

  it('end with the deadline, and with the caller’s signal', async () => {
    const patient = keyring({ key: symmetric.name, maxAttempts: 10, timeoutMs: SHORT });
    sim.faults.inject({ kind: 'hang' });
    expect((await failure(wrapOne(patient), 'keyring-failed')).details.reason).toBe('timeout');
    sim.faults.clear();
    sim.faults.inject({ kind: 'unavailable' });
    const controller = new AbortController();
    const waiting = wrapOne(keyring({ key: symmetric.name, maxAttempts: 10 }), {}, { signal: controller.signal });
    const seen = failure(waiting, 'aborted');
    await until(() => sim.requests.count({ outcome: 'UNAVAILABLE' }) > 1);
    controller.abort();
    await seen;
  });
});

describe('a wrong answer', () => {
  it('that only the MAC can tell is named as such, and other keys still open the envelope', async () => {
    const one = keyring({ key: symmetric.name });
    const envelope = await encrypt(new Uint8Array(9), { keyring: one });
    sim.faults.inject({ kind: 'wrong-plaintext', operation: 'Decrypt' });
    const { details } = await failure(decrypt(envelope, { keyring: one }), 'unwrap-failed');
    expect(details.attempts).toMatchObject([{ keyId: symmetric.name, reason: 'integrity' }]);
  });

  it('to a wrap is for nobody to see but the reader', async () => {
    const one = keyring({ key: symmetric.name });
    sim.faults.inject({ kind: 'wrong-plaintext', operation: 'Encrypt', count: 1 });
    const envelope = await encrypt(new Uint8Array(9), { keyring: one });
    await failure(decrypt(envelope, { keyring: one }), 'unwrap-failed');
  });
});

it('the caller’s signal ends the request itself', async () => {
  sim.faults.inject({ kind: 'hang' });
  const controller = new AbortController();
  const seen = failure(wrapOne(keyring({ key: symmetric.name }), {}, { signal: controller.signal }), 'aborted');
  await until(() => sim.requests.count() === 1);
  controller.abort(new Error('The user went away.'));
  expect((await seen).cause).toEqual(new Error('The user went away.'));
  await until(() => sim.requests.count({ outcome: 'no-answer' }) === 1);
});

it('neither sockets nor timers are left, whatever happened', async () => {
  await withoutLeaks(async () => {
    const own = gcpKmsKeyring({ key: symmetric.name, timeoutMs: SHORT, clientOptions: sim.gcp.clientOptions() });
    sim.faults.inject({ kind: 'hang', count: 1 });
    expect(isKeyfoldError(await wrapOne(own).catch((error: unknown) => error), 'keyring-failed')).toBe(true);
    sim.faults.inject({ kind: 'unavailable', count: 1 });
    const patient = gcpKmsKeyring({ key: symmetric.name, timeoutMs: AMPLE, clientOptions: sim.gcp.clientOptions() });
    await wrapOne(patient);
    await own.close();
    await patient.close();
  });
});
