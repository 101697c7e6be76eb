/** The same promises on the clock of the machine, with nothing that depends on its speed. */
import { decrypt, encrypt, multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { expectNothingLeft, resources, until } from '@keyfold/dev/testing';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { startSimulators } from '@keyfold/kms-simulators';
import { rawAesKeyring, generateAesKey } from '@keyfold/local-raw';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectAllHandled } from '../support/leaks.js';
import { makeMembers } from '../support/members.js';

/** ms that pass in these tests, and that nobody who is up has to keep to. */
const SHORT = 50;
/** ms that never pass. */
const NEVER = 3_600_000;

expectAllHandled();
const plaintext = new TextEncoder().encode('the only copy');
const sim = await startSimulators();
const { members } = await makeMembers(sim);
afterAll(async () => { await sim.close(); });
const clouds = members.filter(({ cloud }) => cloud !== undefined).map(({ keyring }) => keyring);
let envelope: Uint8Array;

beforeAll(async () => {
  envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: clouds }) });
  sim.requests.reset();
});
afterEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

describe('while every cloud is dark', () => {
  it.each<[string, (keyring: Keyring) => Promise<unknown>, 'wrap-failed' | 'unwrap-failed']>([
    ['writing', async (keyring) => await encrypt(plaintext, { keyring }), 'wrap-failed'],
    ['opening', async (keyring) => await decrypt(envelope, { keyring }), 'unwrap-failed'],
  ])('%s ends at the deadline, with a row for each, and ends its requests', async (_, operation, code) => {
    const before = resources();
    sim.faults.inject({ kind: 'hang' });
    const { details } = await failure(operation(multiKeyring({ members: clouds, headStart: 1, deadline: SHORT })), code);
    expect(details.attempts.map(({ keyId, reason }) => [keyId, reason])).toEqual(clouds.flatMap(({ keks }) => keks.map(({ keyId }) => [keyId, 'timeout'])));
    await until(() => sim.requests.list({ outcome: 'pending' }).length === 0);
    expect(sim.requests.count({ outcome: 'no-answer' })).toBe(sim.requests.count());
    await expectNothingLeft(before);
  });
});

it('with the first member dark, the second is asked after the head start', async () => {
  const [first, second] = clouds as [Keyring, Keyring];
  sim.faults.inject({ kind: 'hang', region: 'eu-west-1' });
  const keyring = multiKeyring({ members: [first, second], headStart: SHORT, deadline: NEVER });
  expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
  expect(sim.requests.counts().map(({ region, count }) => [region, count])).toEqual([['eu-west-1', 1], ['us-east-1', 1]]);
});

it('with the first member failing at once, nobody waits for a head start', async () => {
  const [first, second] = clouds as [Keyring, Keyring];
  sim.faults.regionDown('eu-west-1');
  expect(await decrypt(envelope, { keyring: multiKeyring({ members: [first, second], headStart: NEVER, deadline: NEVER }) })).toEqual(plaintext);
});

it('a policy that holds waits no longer than its patience', async () => {
  const local = rawAesKeyring({ name: 'local', key: generateAesKey() });
  sim.faults.inject({ kind: 'hang' });
  const keyring = multiKeyring({ members: [local, ...clouds], write: { minimum: 1, patience: SHORT }, deadline: NEVER });
  expect(await decrypt(await encrypt(plaintext, { keyring }), { keyring: local })).toEqual(plaintext);
});
