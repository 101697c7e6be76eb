import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decrypt, encrypt, inspect, multiKeyring } from '../../src/index.js';
import type { Keyring } from '../../src/keyring/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';
import type { Mode } from '../support/faulty-keyring.js';

const plaintext = utf8('the only copy');
const MODES = ['works', 'fails', 'hangs', 'lies'] as const;

/** Every way in which `count` members can behave. */
function behaviours(count: number): Mode[][] {
  if (count === 0) return [[]];
  return behaviours(count - 1).flatMap((rest) => MODES.map((mode) => [...rest, mode]));
}

/** A keyring that counts the calls to it that have ended. */
function counting(keyring: Keyring, ended: { calls: number }): Keyring {
  const count = async <T>(call: Promise<T>): Promise<T> =>
    await call.finally(() => {
      ended.calls++;
    });
  return {
    ...keyring,
    keks: keyring.keks,
    wrap: async (request) => await count(keyring.wrap(request)),
    unwrap: async (request) => await count(keyring.unwrap(request)),
  };
}

// The clock is the test's: it is put on once everybody who will answer has, so that the model holds on any machine.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Waits until so many calls have ended and what follows from them has happened, and then lets time pass. */
async function afterAnswers(ended: { calls: number }, calls: number): Promise<void> {
  while (ended.calls < calls) await turn();
  for (let i = 0; i < 20; i++) await turn();
  await vi.advanceTimersByTimeAsync(60_000);
}

describe.each([1, 2, 3, 4])('every behaviour of %i members', (count) => {
  it.each(behaviours(count))('%s %s %s %s', async (...given) => {
    const modes = given.slice(0, count);
    const members = modes.map((_, i) => faultyKeyring(`k${i}`));
    const ended = { calls: 0 };
    const keyrings = members.map(({ keyring }) => counting(keyring, ended));
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: keyrings }) });
    members.forEach((member, i) => {
      member.mode = modes[i] as Mode;
    });

    // Writing. A lie is told when unwrapping only.
    const wraps = modes.map((mode) => mode === 'works' || mode === 'lies');
    const answers = modes.filter((mode) => mode !== 'hangs').length;
    for (let minimum = 1; minimum <= count; minimum++) {
      ended.calls = 0;
      const writing = encrypt(plaintext, { keyring: multiKeyring({ members: keyrings, write: { minimum } }) });
      writing.catch(() => undefined);
      await afterAnswers(ended, answers);
      if (wraps.filter(Boolean).length < minimum) await failure(writing, 'wrap-failed');
      else expect(inspect(await writing).wrappedKeys.map(({ pending }) => !pending)).toEqual(wraps);
    }

    // Opening. Whoever works opens it, however the others behave; else every member is in the table.
    const opening = decrypt(envelope, { keyring: multiKeyring({ members: keyrings }) });
    opening.catch(() => undefined);
    for (let i = 0; i <= count; i++) {
      for (let j = 0; j < 20; j++) await turn();
      await vi.advanceTimersByTimeAsync(250);
    }
    if (modes.includes('works')) {
      expect(await opening).toEqual(plaintext);
    } else {
      await vi.advanceTimersByTimeAsync(60_000);
      const error = await failure(opening, 'unwrap-failed');
      expect(error.details.attempts.map(({ keyId }) => keyId)).toEqual(members.map(({ keyring }) => keyring.name));
    }
    for (const { hung } of members) expect(hung.every((signal) => signal.aborted)).toBe(true);
  });
});
