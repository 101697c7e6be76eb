import { attemptsOf, QUORUM_PROVIDER, throwIfAborted, timedOut } from '@keyfold/core/keyring';
import type { Attempt, CheckRequest, KeyCheck, Keyring } from '@keyfold/core/keyring';
import { Operation } from '../calls/operation.js';
import type { Settings } from '../settings/read-options.js';

type Answer = KeyCheck['permitted']['wrap'];

/**
 * What every member says of its KEKs, and before that what follows for the quorum as a whole: whether all shares can be
 * wrapped, and enough unwrapped. Throws only `aborted`.
 */
export async function check({ name, threshold, members, deadline }: Settings, { signal }: CheckRequest): Promise<KeyCheck[]> {
  throwIfAborted(signal);
  const operation = new Operation(signal, deadline);
  try {
    const checks = await Promise.all(members.map(async (member) => await checkMember(member, operation, deadline)));
    throwIfAborted(signal);
    return [summaryOf(name, threshold, checks), ...checks.flat()];
  } finally {
    operation.close();
  }
}

/** Never rejects. */
async function checkMember(member: Keyring, operation: Operation, deadline: number): Promise<readonly KeyCheck[]> {
  try {
    return (await operation.call(async (signal) => await member.check?.({ signal }))) ?? member.keks.map((kek) => ({ ...kek, ...UNKNOWN }));
  } catch (error) {
    const silent = operation.ended === 'deadline';
    const [{ reason, remedy }] = (silent ? timedOut(member, 'check', deadline) : attemptsOf(error, member)) as [Attempt];
    return member.keks.map((kek) => ({ ...kek, ...UNKNOWN, reachable: false, problem: { reason, remedy } }));
  }
}

/** What is known of a KEK whose keyring cannot check it. */
const UNKNOWN = {
  keyVersion: '',
  reachable: true,
  state: 'unknown',
  permitted: { wrap: 'unknown', unwrap: 'unknown', generate: 'unknown' },
} as const;

function summaryOf(name: string, threshold: number, checks: readonly (readonly KeyCheck[])[]): KeyCheck {
  // Any key of a share unwraps it, and each must wrap it.
  const unwraps = checks.map((keys) => anyOf(keys.map(({ permitted }) => permitted.unwrap)));
  const wrap = allOf(checks.flat().map(({ permitted }) => permitted.wrap));
  const count = (...answers: readonly Answer[]): number => unwraps.filter((answer) => answers.includes(answer)).length;
  const unwrap = count('yes') >= threshold ? 'yes' : count('yes', 'unknown') >= threshold ? 'unknown' : 'no';
  const reachable = checks.filter((keys) => keys.some((key) => key.reachable)).length >= threshold;
  const trouble = checks.flat().find(({ problem }) => problem !== undefined)?.problem;
  const ways = `${count('yes')} of ${checks.length} shares are known to unwrap, ${threshold} are needed`;
  return {
    provider: QUORUM_PROVIDER,
    keyId: name,
    keyVersion: '',
    reachable,
    state: unwrap === 'no' ? 'unknown' : 'enabled',
    permitted: { wrap, unwrap, generate: 'no' },
    ...(trouble === undefined ? {} : { problem: { reason: trouble.reason, remedy: `${ways}: ${trouble.remedy}` } }),
  };
}

function anyOf(answers: readonly Answer[]): Answer {
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

function allOf(answers: readonly Answer[]): Answer {
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';
}
