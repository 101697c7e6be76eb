import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import { Cancellation } from '../cancellation/cancellation.js';
import type { Attempt } from '../errors/attempt.js';
import type { CheckRequest, KeyCheck, Keyring } from '../keyring/keyring.js';
import { attemptsOf } from '../keyring/keyring-error.js';
import { keysOf, timedOut } from './deadline.js';
import type { Deadline } from './deadline.js';

/**
 * What all members find out about their KEKs. One whose check fails, or has not ended at the deadline, has rows that say
 * so, and takes nothing from the others'. Members that cannot check have none. Throws `aborted`.
 */
export async function checkMembers(keyrings: readonly Keyring[], request: CheckRequest, deadline: Deadline): Promise<readonly KeyCheck[]> {
  throwIfAborted(request.signal);
  const over = new Cancellation(request.signal);
  const stop = deadline.start(() => {
    over.end();
  });
  try {
    const { signal } = over;
    const checks = keyrings.map(async (keyring) => {
      try {
        return (await abortable(Promise.resolve(keyring.check?.({ ...request, signal })), signal)) ?? [];
      } catch (error) {
        throwIfAborted(request.signal);
        return notChecked(keyring, signal.aborted ? timedOut(keyring, 'check', deadline.milliseconds) : attemptsOf(error, keyring));
      }
    });
    return (await Promise.all(checks)).flat();
  } finally {
    stop();
    over.end();
  }
}

function notChecked(keyring: Keyring, attempts: readonly Attempt[]): KeyCheck[] {
  const { reason = 'unknown', message = '', remedy = '' } = attempts[0] ?? {};
  return keysOf(keyring).map((kek) => ({
    ...kek,
    keyVersion: '',
    reachable: false,
    state: 'unknown',
    permitted: { wrap: 'unknown', unwrap: 'unknown', generate: 'unknown' },
    problem: { reason, remedy: `${message} ${remedy}` },
  }));
}
