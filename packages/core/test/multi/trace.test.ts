/** Every decision of a multi-keyring can be followed on a diagnostics channel. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decrypt, encrypt, multiKeyring } from '../../src/index.js';
import type { KeyringTrace, MultiKeyringOptions } from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';
import type { FaultyKeyring } from '../support/faulty-keyring.js';
import { idle, until } from '../support/gate.js';

const plaintext = utf8('the only copy');
/** So long that a test which waited for it would time out. */
const FOREVER = 100_000;

let told: KeyringTrace[];
let a: FaultyKeyring;
let b: FaultyKeyring;
let c: FaultyKeyring;
const listen = (message: unknown): void => void told.push(message as KeyringTrace);

beforeEach(() => {
  told = [];
  [a, b, c] = [faultyKeyring('a'), faultyKeyring('b'), faultyKeyring('c')];
  subscribe('keyfold:keyring', listen);
});
afterEach(() => {
  unsubscribe('keyfold:keyring', listen);
  vi.useRealTimers();
});

const multi = (options: Partial<MultiKeyringOptions> = {}): ReturnType<typeof multiKeyring> =>
  multiKeyring({ members: [a.keyring, b.keyring, c.keyring], headStart: FOREVER, ...options });

/** What was told since the last time: who, what and why. */
function steps(): string[] {
  return told.splice(0).map(({ keyring, event, reason }) => [keyring, event, reason].filter(Boolean).join(' '));
}

/** Every call to a member ends once, and the end says how long it took. */
function expectComplete(): void {
  const ends = told.filter(({ milliseconds }) => milliseconds !== undefined);
  expect(ends.map(({ call, keyring }) => `${call} ${keyring}`).sort()).toEqual(
    told.filter(({ event }) => event === 'started').map(({ call, keyring }) => `${call} ${keyring}`).sort(),
  );
  for (const { milliseconds } of ends) expect(milliseconds).toBeGreaterThanOrEqual(0);
}

describe('of an unwrap, it is told', () => {
  let envelope: Uint8Array;
  beforeEach(async () => {
    envelope = await encrypt(plaintext, { keyring: multi() });
    told = [];
  });

  it('who was asked, what came of it, and why the next was', async () => {
    a.mode = 'fails';
    b.mode = 'lies';
    await decrypt(envelope, { keyring: multi() });
    expectComplete();
    expect(new Set(told.map(({ operation, provider, call }) => `${operation} ${provider} ${call}`)).size).toBe(1);
    expect(told[1]?.error).toMatchObject({ code: 'keyring-failed', details: { reason: 'unavailable' } });
    expect(steps()).toEqual(['a started first', 'a failed unavailable', 'b started next', 'b failed integrity', 'c started next', 'c succeeded']);
  });

  it('who was slow, and given up because another answered', async () => {
    a.mode = 'hangs';
    await decrypt(envelope, { keyring: multi({ headStart: 5 }) });
    expectComplete();
    expect(steps()).toEqual(['a started first', 'b started slow', 'b succeeded', 'a aborted answered']);
  });

  it('who knows none of the wrapped keys', async () => {
    await decrypt(envelope, { keyring: multi({ members: [faultyKeyring('stranger').keyring, b.keyring] }) });
    expect(steps()).toEqual(['stranger started first', 'stranger not-mine', 'b started next', 'b succeeded']);
  });

  it('who had not answered, and who was not asked, when the deadline passed', async () => {
    a.mode = 'hangs';
    await failure(decrypt(envelope, { keyring: multi({ deadline: 20 }) }), 'unwrap-failed');
    expectComplete();
    expect(steps()).toEqual(['a started first', 'a failed timeout', 'b skipped timeout', 'c skipped timeout']);
  });

  it("who was given up because the caller's signal fired", async () => {
    a.mode = 'hangs';
    const controller = new AbortController();
    const opening = decrypt(envelope, { keyring: multi(), signal: controller.signal });
    await until(() => a.hung.length === 1);
    controller.abort();
    await failure(opening, 'aborted');
    expect(steps()).toEqual(['a started first', 'a aborted aborted']);
  });

  it('who is asked last because it failed hard, and who is tried again', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const keyring = multi();
    a.mode = 'fails';
    await decrypt(envelope, { keyring });
    told = [];
    await decrypt(envelope, { keyring });
    expect(steps()).toEqual(['a broken unavailable', 'b started first', 'b succeeded']);
    vi.advanceTimersByTime(60_000);
    a.mode = 'works';
    await decrypt(envelope, { keyring });
    expect(steps()).toEqual(['a probing unavailable', 'a started first', 'a succeeded']);
  });

  it('what happens in a multi-keyring that is a member, as a call of its own', async () => {
    a.mode = 'fails';
    const inner = multi({ members: [a.keyring, b.keyring] });
    await decrypt(envelope, { keyring: multi({ members: [inner, c.keyring] }) });
    expectComplete();
    const [outer, within] = [...new Set(told.map(({ call }) => call))];
    expect(told.map(({ call }) => (call === outer ? 'outer' : call === within ? 'within' : 'else'))).toEqual(['outer', 'within', 'within', 'within', 'within', 'outer']);
    expect(steps()).toEqual([
      `${inner.name} started first`, 'a started first', 'a failed unavailable', 'b started next', 'b succeeded', `${inner.name} succeeded`,
    ]);
  });
});

describe('of a wrap, it is told', () => {
  it('who was asked, who failed with what, and whose keys are pending for it', async () => {
    a.mode = 'fails';
    a.reason = 'throttled';
    b.mode = 'hangs';
    await encrypt(plaintext, { keyring: multi({ write: { minimum: 1, patience: 5 } }) });
    expectComplete();
    expect(new Set(told.map(({ operation }) => operation))).toEqual(new Set(['wrap']));
    expect(steps()).toEqual([
      'a started all', 'b started all', 'c started all', 'a failed throttled', 'c succeeded', 'b aborted patience', 'a pending throttled', 'b pending patience',
    ]);
  });

  it('who had not answered when the deadline passed', async () => {
    b.mode = 'hangs';
    await failure(encrypt(plaintext, { keyring: multi({ members: [b.keyring], deadline: 20 }) }), 'wrap-failed');
    await idle();
    expectComplete();
    expect(steps()).toEqual(['b started all', 'b failed timeout']);
  });
});
