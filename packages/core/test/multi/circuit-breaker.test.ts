/** How long a member that failed hard is asked last, and who probes it. */
import { beforeEach, describe, expect, it, vi, afterEach } from 'vitest';
import { decrypt, encrypt, multiKeyring } from '../../src/index.js';
import type { Keyring } from '../../src/keyring/index.js';
import { wrapFailed, unwrapFailed, encryptionContext } from '../../src/keyring/index.js';
import type { FailureReason } from '../../src/keyring/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';
import type { FaultyKeyring } from '../support/faulty-keyring.js';
import { until } from '../support/gate.js';
import { TestKeyring } from '../support/test-keyring.js';

/** So long that a test which waited for it would time out. */
const FOREVER = 100_000;
/** In ms. */
const HEAD_START = 250;

let a: FaultyKeyring;
let b: FaultyKeyring;
let keyring: Keyring;
let envelope: Uint8Array;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  [a, b] = [faultyKeyring('a'), faultyKeyring('b')];
  keyring = multiKeyring({ members: [a.keyring, b.keyring], headStart: FOREVER });
  envelope = await encrypt(utf8('the only copy'), { keyring });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);
const open = async (): Promise<Uint8Array> => await decrypt(envelope, { keyring });

/** Who an unwrap asks, in order. */
async function asks(): Promise<string[]> {
  const order: string[] = [];
  const before = [a, b].map(({ keyring }) => keyring.calls.length);
  await open();
  [a, b].forEach((member, i) => { if (member.keyring.calls.length > (before[i] ?? 0)) order.push(member.keyring.name); });
  return order;
}

/** As `asks`, of a keyring whose head start of `HEAD_START` ms passes as soon as the first member is silent. */
async function asksPastSilence(): Promise<string[]> {
  const hung = a.hung.length;
  const asking = asks();
  await Promise.race([asking, until(() => a.hung.length > hung)]);
  if (a.hung.length > hung) pass(HEAD_START);
  return await asking;
}

/** Timers are the test's too: nothing depends on how fast a member is. */
function withHeadStart(): void {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  keyring = multiKeyring({ members: [a.keyring, b.keyring], headStart: HEAD_START });
}

describe('the pause', () => {
  it('is 5 s at first, twice as long after each probe that fails, 5 minutes at most, and 5 s again after an answer', async () => {
    a.mode = 'fails';
    expect(await asks()).toEqual(['a', 'b']);
    for (const pause of [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
      pass(pause - 1);
      expect(await asks(), `after ${pause - 1} ms`).toEqual(['b']);
      pass(1);
      expect(await asks(), `after ${pause} ms`).toEqual(['a', 'b']);
    }
    a.mode = 'works';
    pass(300_000);
    expect(await asks()).toEqual(['a']);
    a.mode = 'fails';
    expect(await asks()).toEqual(['a', 'b']);
    pass(5_000);
    expect(await asks()).toEqual(['a', 'b']);
  });

  it('is not longer because one outage ended many calls', async () => {
    a.mode = 'fails';
    await Promise.all(Array.from({ length: 20 }, open));
    pass(5_000);
    expect(await asks()).toEqual(['a', 'b']);
  });

  it('is not longer because the member, asked last, failed again', async () => {
    a.mode = 'fails';
    b.mode = 'fails';
    b.reason = 'access-denied';
    for (let i = 0; i < 5; i++) await failure(open(), 'unwrap-failed');
    b.mode = 'works';
    pass(5_000);
    expect(await asks()).toEqual(['a', 'b']);
  });

  it.each<[string, readonly FailureReason[], boolean]>([
    ['one of its keys is out of reach and another denied', ['unavailable', 'access-denied'], true],
    ['one of its keys is denied and another out of reach', ['access-denied', 'timeout'], true],
    ['all are denied', ['access-denied', 'disabled'], false],
  ])('of a member with several keys: %s', async (_, reasons, breaks) => {
    const { details } = wrapFailed(reasons.map((reason) => ({
      provider: 'test', keyring: 'c', keyId: reason, outcome: 'failed', reason, retryable: true, message: 'It is down.', remedy: 'Wait.',
    })));
    const c = new TestKeyring({ name: 'c', unwrap: async () => await Promise.reject(unwrapFailed(details.attempts)) });
    keyring = multiKeyring({ members: [c, b.keyring], headStart: FOREVER });
    await open();
    await open();
    expect(c.operations.length).toBe(breaks ? 1 : 2);
    pass(5_000);
    await open();
    expect(c.operations.length).toBe(breaks ? 2 : 3);
  });

  it('is over when the member, asked last because of it, answers', async () => {
    a.mode = 'fails';
    await open();
    a.mode = 'works';
    b.mode = 'fails';
    b.reason = 'access-denied';
    expect(await asks()).toEqual(['a', 'b']);
    expect(await asks()).toEqual(['a']);
  });
});

describe('a probe', () => {
  beforeEach(async () => {
    a.mode = 'fails';
    await open();
    a.mode = 'hangs';
    pass(5_000);
  });

  it('is made by one call at a time, also when others are answered meanwhile', async () => {
    const probing = open();
    probing.catch(() => undefined);
    await until(() => a.hung.length === 1);
    for (let i = 0; i < 3; i++) expect(await asks()).toEqual(['b']);
    expect(a.hung.length).toBe(1);
    b.mode = 'works';
  });

  it('that was given up is made by the next call', async () => {
    const controller = new AbortController();
    const probing = decrypt(envelope, { keyring, signal: controller.signal });
    await until(() => a.hung.length === 1);
    controller.abort();
    await failure(probing, 'aborted');
    a.mode = 'works';
    expect(await asks()).toEqual(['a']);
  });

  it('is not used up by a call whose signal has fired', async () => {
    const request = { wrappedKeys: [], context: await encryptionContext({}), accepts: async () => await Promise.resolve(false) };
    await failure(keyring.unwrap({ ...request, signal: AbortSignal.abort() }), 'aborted');
    a.mode = 'works';
    expect(await asks()).toEqual(['a']);
  });

  it('that is silent until another member answers has failed', async () => {
    withHeadStart();
    a.mode = 'fails';
    await open();
    a.mode = 'hangs';
    pass(5_000);
    expect(await asksPastSilence()).toEqual(['a', 'b']);
    pass(9_999);
    expect(await asks()).toEqual(['b']);
    pass(1);
    expect(await asksPastSilence()).toEqual(['a', 'b']);
  });
});

describe('a member that is silent until another answers', () => {
  beforeEach(() => {
    withHeadStart();
    a.mode = 'hangs';
  });

  it('is asked last from the fourth call on, and probed after the pause', async () => {
    for (let i = 0; i < 3; i++) expect(await asksPastSilence(), `call ${i + 1}`).toEqual(['a', 'b']);
    expect(await asks()).toEqual(['b']);
    a.mode = 'works';
    pass(5_000);
    expect(await asks()).toEqual(['a']);
  });

  it('is forgiven when it answers in between', async () => {
    for (let i = 0; i < 2; i++) await asksPastSilence();
    a.mode = 'works';
    expect(await asks()).toEqual(['a']);
    a.mode = 'hangs';
    for (let i = 0; i < 3; i++) expect(await asksPastSilence(), `call ${i + 1}`).toEqual(['a', 'b']);
    expect(await asks()).toEqual(['b']);
  });

  it('is not blamed where it had no head start', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    keyring = multiKeyring({ members: [a.keyring, b.keyring], headStart: 0 });
    for (let i = 0; i < 5; i++) expect(await asks(), `call ${i + 1}`).toEqual(['a', 'b']);
  });

  it('is not blamed when the caller gives up', async () => {
    b.mode = 'hangs';
    for (let i = 0; i < 5; i++) {
      const controller = new AbortController();
      const opening = decrypt(envelope, { keyring, signal: controller.signal });
      await until(() => a.hung.length === i + 1);
      pass(HEAD_START);
      await until(() => b.hung.length === i + 1);
      controller.abort();
      await failure(opening, 'aborted');
    }
    b.mode = 'works';
    expect(await asksPastSilence()).toEqual(['a', 'b']);
  });
});

it('when all are broken, all are asked all the same', async () => {
  a.mode = 'fails';
  b.mode = 'fails';
  await failure(open(), 'unwrap-failed');
  const before = a.keyring.calls.length + b.keyring.calls.length;
  const { details } = await failure(open(), 'unwrap-failed');
  expect(details.attempts.map(({ keyId }) => keyId)).toEqual(['a', 'b']);
  expect(a.keyring.calls.length + b.keyring.calls.length).toBe(before + 2);
  a.mode = 'works';
  expect(await asks()).toEqual(['a']);
});
