import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, inspect, multiKeyring } from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';
import type { Mode } from '../support/faulty-keyring.js';

const plaintext = utf8('the only copy');
/** Milliseconds: for what must not end early, for what must end, and for what works to finish behind what is enough. */
const [LONG, SHORT, PATIENCE] = [60_000, 25, 250];
const MODES = ['works', 'fails', 'hangs', 'lies'] as const;

/** Every way in which `count` members can behave. */
function behaviours(count: number): Mode[][] {
  if (count === 0) return [[]];
  return behaviours(count - 1).flatMap((rest) => MODES.map((mode) => [...rest, mode]));
}

describe.each([1, 2, 3, 4])('every behaviour of %i members', (count) => {
  it.concurrent.each(behaviours(count))('%s %s %s %s', async (...given) => {
    const modes = given.slice(0, count);
    const members = modes.map((_, i) => faultyKeyring(`k${i}`));
    const keyrings = members.map(({ keyring }) => keyring);
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: keyrings }) });
    modes.forEach((mode, i) => {
      const member = members[i];
      if (member !== undefined) member.mode = mode;
    });

    // Opening: whoever works, opens it; else every member is in the table.
    const opens = modes.includes('works');
    const reader = multiKeyring({ members: keyrings, headStart: 1, deadline: opens ? LONG : SHORT });
    if (opens) {
      expect(await decrypt(envelope, { keyring: reader })).toEqual(plaintext);
    } else {
      const error = await failure(decrypt(envelope, { keyring: reader }), 'unwrap-failed');
      expect(error.details.attempts.map(({ keyId }) => keyId)).toEqual(members.map(({ keyring }) => keyring.name));
    }

    // Writing: a lie is told when unwrapping only.
    const wraps = modes.map((mode) => mode === 'works' || mode === 'lies');
    const successes = wraps.filter(Boolean).length;
    for (let minimum = 1; minimum <= count; minimum++) {
      const deadline = successes >= minimum ? LONG : SHORT;
      const writer = multiKeyring({ members: keyrings, write: { minimum, patience: PATIENCE }, deadline });
      const writing = encrypt(plaintext, { keyring: writer });
      if (successes >= minimum) {
        const { wrappedKeys } = inspect(await writing);
        expect(wrappedKeys.map(({ pending }) => !pending)).toEqual(wraps);
      } else {
        await failure(writing, 'wrap-failed');
      }
    }
    for (const { hung } of members) expect(hung.every((signal) => signal.aborted)).toBe(true);
  });
});
