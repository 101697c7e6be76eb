import { CryptographyClient } from '@azure/keyvault-keys';
import type { Fault } from '@keyfold/kms-simulators';
import { beforeEach, describe, expect, it } from 'vitest';
import { bytes } from '../support/values.js';
import { azureError, azureFailureOf } from './support/azure-failure.js';
import { azureSimulated } from './support/azure-simulated.js';

/** Longer than any test: what waits for it ends only because something ended it. */
const FOREVER = 3_600_000;

const { sim, keys, cryptography } = await azureSimulated({
  azure: {
    vaults: [
      { name: 'home', kind: 'managed-hsm', region: 'westeurope' },
      { name: 'away', kind: 'managed-hsm', region: 'northeurope' },
    ],
  },
});
const key = await sim.azure.createKey({ name: 'hit', kty: 'oct-HSM' });
const other = await sim.azure.createKey({ vault: 'away', name: 'spared', kty: 'oct-HSM' });
const value = bytes(32);
const plain = Buffer.from(value);
const crypto = cryptography(key.id);
const spared = cryptography(other.id);
const { result: wrapped } = await crypto.wrapKey('A256KW', value);
await spared.wrapKey('A256KW', value);
const unwrap = async (): Promise<unknown> => (await crypto.unwrapKey('A256KW', wrapped)).result;
/** Resolves when a request is under way, unanswered. */
const pending = async (): Promise<void> => {
  await expect.poll(() => sim.requests.list({ outcome: 'pending' })).toHaveLength(1);
};

beforeEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

describe('faults that refuse', () => {
  it.each<[Fault['kind'], string, string]>([
    ['throttled', '429 Throttled', 'Throttled'],
    ['access-denied', '403 Forbidden ForbiddenByPolicy', 'ForbiddenByPolicy'],
    ['internal-error', '500 InternalServerError', 'InternalServerError'],
    ['dependency-timeout', '504 GatewayTimeout', 'GatewayTimeout'],
    ['unavailable', '503 ServiceUnavailable', 'ServiceUnavailable'],
  ])('%s answers with %s', async (kind, failure, outcome) => {
    sim.faults.inject({ kind, count: 1 } as Fault);
    expect(await azureError(unwrap())).toBe(failure);
    expect(sim.requests.list()).toMatchObject([
      { provider: 'azure-keyvault', operation: 'UnwrapKey', region: 'westeurope', vault: 'home', keys: [key.id], outcome, fault: kind },
    ]);
    expect(await unwrap()).toEqual(plain);
  });

  it('name the permission that is missing', async () => {
    sim.faults.inject({ kind: 'access-denied' });
    expect((await azureFailureOf(unwrap())).message).toMatch(/Operation: "unwrapKey"\r\nCaller: .*\r\nVault: home;location=westeurope$/);
  });

  it('error answers with any code and status', async () => {
    sim.faults.inject({ kind: 'error', code: 'Conflict', status: 409, message: 'Wer da?', count: 1 });
    expect(await azureFailureOf(unwrap())).toEqual({ status: 409, code: 'Conflict', inner: undefined, message: 'Wer da?' });
  });

  it('throttled says when to try again, and the SDK does', async () => {
    const retrying = new CryptographyClient(key.id, sim.azure.credential, sim.azure.clientOptions());
    sim.faults.inject({ kind: 'throttled', operation: 'UnwrapKey', count: 2, retryAfter: 0 });
    expect((await retrying.unwrapKey('A256KW', wrapped)).result).toEqual(plain);
    expect(sim.requests.count({ operation: 'UnwrapKey' })).toBe(3);
  });

  it('hit the request for a challenge too, unless they name an operation', async () => {
    sim.faults.inject({ kind: 'unavailable', count: 1 });
    expect(await azureError(keys().getKey('hit'))).toBe('503 ServiceUnavailable');
    sim.faults.inject({ kind: 'unavailable', operation: 'GetKey', count: 1 });
    expect(await azureError(keys().getKey('hit'))).toBe('503 ServiceUnavailable');
    expect(sim.requests.list().map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      'Challenge ServiceUnavailable',
      'Challenge Unauthorized',
      'GetKey ServiceUnavailable',
    ]);
  });
});

describe('faults of the connection', () => {
  it('reset ends the connection before any answer', async () => {
    sim.faults.inject({ kind: 'reset' });
    expect(await azureError(unwrap())).toBe('ECONNRESET');
    expect(sim.requests.count({ outcome: 'no-answer' })).toBe(1);
  });

  it('a region goes down and comes back, and so does a vault', async () => {
    sim.faults.regionDown('westeurope');
    expect(await azureError(unwrap())).toBe('ECONNRESET');
    await spared.wrapKey('A256KW', value);
    sim.faults.regionUp('westeurope');
    expect(await unwrap()).toEqual(plain);
    sim.faults.inject({ kind: 'reset', vault: 'away' });
    expect(await azureError(spared.wrapKey('A256KW', value))).toBe('ECONNRESET');
    expect(await unwrap()).toEqual(plain);
  });

  it.each(['cut-off', 'truncated', 'garbage'] as const)('%s is no answer that a client takes', async (kind) => {
    sim.faults.inject({ kind });
    for (let i = 0; i < 5; i += 1) expect(await azureError(unwrap())).toMatch(/PARSE_ERROR$/);
    expect(sim.requests.count({ outcome: 'damaged' })).toBe(5);
  });

  it('hang ends when it is cleared, or the caller leaves', async () => {
    const fault = sim.faults.inject({ kind: 'hang' });
    const answer = unwrap();
    await pending();
    fault.clear();
    expect(await answer).toEqual(plain);
    sim.requests.reset();
    sim.faults.inject({ kind: 'hang' });
    const left = crypto.unwrapKey('A256KW', wrapped, { abortSignal: AbortSignal.timeout(50) });
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => sim.requests.count({ outcome: 'no-answer' })).toBe(1);
  });

  it('latency and late successes go on when they are cleared', async () => {
    for (const kind of ['latency', 'late-success'] as const) {
      sim.requests.reset();
      const fault = sim.faults.inject({ kind, ms: FOREVER });
      const answer = unwrap();
      await pending();
      fault.clear();
      expect(await answer).toEqual(plain);
    }
  });

  it('a late success has had its effect when the caller has left', async () => {
    sim.faults.inject({ kind: 'late-success', ms: FOREVER, operation: 'RotateKey' });
    const rotating = keys('away').rotateKey('spared', { abortSignal: AbortSignal.timeout(100) });
    await expect(rotating).rejects.toMatchObject({ name: 'AbortError' });
    expect(Object.keys(sim.azure.findKey(other.id)?.versions ?? {})).toHaveLength(2);
  });
});

describe('answers that are wrong', () => {
  it('wrong-plaintext is one bit off', async () => {
    sim.faults.inject({ kind: 'wrong-plaintext' });
    const wrong = Buffer.from(plain);
    wrong.writeUInt8(wrong.readUInt8(0) ^ 1, 0);
    expect(await unwrap()).toEqual(wrong);
    const { result } = await crypto.wrapKey('A256KW', value);
    sim.faults.clear();
    expect((await crypto.unwrapKey('A256KW', result)).result).toEqual(wrong);
    expect(sim.requests.count({ outcome: 'damaged' })).toBe(2);
  });

  it('other-key answers for another key of the same kind', async () => {
    const elsewhere = await sim.azure.createKey({ name: 'elsewhere', kty: 'oct-HSM' });
    sim.faults.inject({ kind: 'other-key' });
    const { result } = await crypto.wrapKey('A256KW', value);
    expect(await unwrap()).not.toEqual(plain);
    expect((await keys().getKey('hit')).id).toBe(elsewhere.id);
    sim.faults.clear();
    expect(await azureError(crypto.unwrapKey('A256KW', result))).toBe('400 BadParameter');
    expect((await cryptography(elsewhere.id).unwrapKey('A256KW', result)).result).toEqual(plain);
  });

  it('other-key makes a key if there is none, or takes the one that is named', async () => {
    const alone = await sim.azure.createKey({ vault: 'alone', name: 'alone', kty: 'oct-HSM' });
    sim.faults.inject({ kind: 'other-key', operation: 'GetKey' });
    expect((await keys('alone').getKey('alone')).name).toBe('other-key-1');
    sim.faults.clear();
    const rotated = await sim.azure.rotateKey(alone.keyId);
    for (const otherKey of [alone.id, `alone/${alone.version}`]) {
      sim.faults.inject({ kind: 'other-key', otherKey, operation: 'GetKey', count: 1 });
      expect((await keys('alone').getKey('alone')).id).toBe(alone.id);
    }
    sim.faults.inject({ kind: 'other-key', otherKey: alone.keyId, operation: 'GetKey', count: 1 });
    expect((await keys('alone').getKey('alone', { version: alone.version })).id).toBe(rotated.id);
    sim.faults.inject({ kind: 'other-key', otherKey: 'none', operation: 'GetKey', count: 1 });
    expect(await azureError(keys('alone').getKey('alone'))).toBe('404 KeyNotFound');
  });
});

describe('faults with a target', () => {
  it('mean a key by its id, with a version or without, or its name', async () => {
    for (const named of [key.id, key.keyId, 'hit']) {
      sim.faults.clear();
      sim.faults.inject({ kind: 'unavailable', key: named });
      expect(await azureError(unwrap())).toBe('503 ServiceUnavailable');
      await spared.wrapKey('A256KW', value);
    }
  });

  it('mean one version by its id', async () => {
    sim.faults.inject({ kind: 'unavailable', key: `${key.keyId}/${'0'.repeat(32)}` });
    expect(await unwrap()).toEqual(plain);
  });

  it('are of Azure alone where they name a vault or a time to wait', () => {
    expect(sim.faults.inject({ kind: 'reset', vault: 'home' }).fault.provider).toBe('azure-keyvault');
    expect(() => sim.faults.inject({ kind: 'reset', vault: 'home', provider: 'aws-kms' })).toThrow(/Only azure-keyvault has/);
    expect(() => sim.faults.inject({ kind: 'throttled', retryAfter: 1, provider: 'gcp-kms' })).toThrow(/Only azure-keyvault has/);
    expect(() => sim.faults.inject({ kind: 'throttled', retryAfter: -1 })).toThrow(/whole number of seconds/);
    expect(() => sim.faults.inject({ kind: 'wrong-crc', vault: 'home' })).toThrow(/Only azure-keyvault has/);
  });

  it('are known by the operations of the service', () => {
    expect(() => sim.faults.inject({ kind: 'hang', operation: 'unwrapKey' })).toThrow(/spelt "UnwrapKey"/);
    sim.faults.inject({ kind: 'hang', operation: ['UnwrapKey', 'Challenge', 'GetToken'], provider: 'azure-keyvault' });
  });
});
