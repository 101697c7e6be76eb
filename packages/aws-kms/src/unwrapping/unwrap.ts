import { isKeyfoldError, unwrapEach } from '@keyfold/core/keyring';
import type { Keyring, UnwrapRequest, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';
import type { KmsCalls } from '../calls/kms-calls.js';
import type { AliasTarget } from '../names/alias-target.js';
import { isSameKey } from '../names/key-arn.js';
import type { Settings } from '../settings/read-options.js';
import { decrypt } from './decrypt.js';
import { attemptsFor, candidatesAmong, claim } from './plan.js';
import type { Attempt, Candidate } from './plan.js';

/** Something to try: a wrapped key, and how to get at what is in it. */
interface Trial {
  readonly wrappedKey: WrappedKey;
  readonly open: () => Promise<Uint8Array>;
}

/** Unwraps with the configured keys. As `Keyring.unwrap`. */
export async function unwrap(
  keyring: Pick<Keyring, 'provider' | 'name'>,
  settings: Settings,
  alias: AliasTarget,
  calls: KmsCalls,
  request: UnwrapRequest,
): Promise<UnwrapResult | null> {
  const { context, signal } = request;
  const trialOf = (attempt: Attempt): Trial => ({
    wrappedKey: attempt.candidate.wrappedKey,
    open: async () => await decrypt(calls, attempt, context, signal),
  });
  const trials: Trial[] = [];
  let left = candidatesAmong(request.wrappedKeys);
  for (const key of [settings.key, ...settings.alsoUnwrap]) {
    const own = claim(key, left, 'yes');
    left = left.filter((candidate) => !own.includes(candidate));
    trials.push(...attemptsFor(key, own).map(trialOf));
  }
  const unsure = claim(settings.key, left, 'maybe');
  const [first] = unsure;
  if (first !== undefined) {
    try {
      trials.push(...(await attemptsByAlias(settings, alias, unsure, signal)).map(trialOf));
    } catch (error) {
      if (!isKeyfoldError(error, 'keyring-failed')) throw error;
      // One of these may be ours, so this is a failure; but it must not keep the others from being tried.
      trials.push({ wrappedKey: first.wrappedKey, open: async () => await Promise.reject(error) });
    }
  }
  const queue = [...trials];
  const wrappedKeys = trials.map(({ wrappedKey }) => wrappedKey);
  return await unwrapEach(keyring, { ...request, wrappedKeys }, () => queue.shift()?.open);
}

/** Attempts with the key that the configured alias leads to, for those candidates that are of it. */
async function attemptsByAlias(
  { key }: Settings,
  alias: AliasTarget,
  unsure: readonly Candidate[],
  signal: AbortSignal,
): Promise<Attempt[]> {
  const arns = unsure.map(({ arn }) => arn);
  const target = await alias.resolve(arns, signal);
  if (target === undefined) return [];
  const own = unsure.filter(({ arn }) => isSameKey(arn, target));
  return attemptsFor({ ...key, name: { kind: 'arn', text: target.text, arn: target } }, own);
}
