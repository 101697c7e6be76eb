import { attemptsOf, isKeyfoldError, isPending, keyringError, parseQuorum, QUORUM_ALGORITHM, QUORUM_PROVIDER, throwIfAborted, unwrapFailed } from '@keyfold/core/keyring';
import type { Attempt, Keyring, Quorum, UnwrapRequest, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';
import type { Settings } from '../settings/read-options.js';
import { Recovery } from './recovery.js';

/** Unwraps with the shares of a policy. As `Keyring.unwrap`. */
export async function unwrap(
  keyring: Pick<Keyring, 'provider' | 'name'>,
  settings: Settings,
  request: UnwrapRequest,
): Promise<UnwrapResult | null> {
  throwIfAborted(request.signal);
  const attempts: Attempt[] = [];
  for (const wrappedKey of request.wrappedKeys) {
    if (!isNamedLike(settings, wrappedKey)) continue;
    try {
      const quorum = parse(keyring, wrappedKey);
      // The bytes cannot prove k, so it is the configured one that counts (specification, "Opening").
      if (quorum.threshold !== settings.threshold) continue;
      return { keyMaterial: await new Recovery(settings, quorum, request).dataKey(), wrappedKey };
    } catch (error) {
      if (!isKeyfoldError(error, 'unwrap-failed') && !isKeyfoldError(error, 'keyring-failed')) throw error;
      attempts.push(...attemptsOf(error, keyring));
    }
  }
  if (attempts.length === 0) return null;
  throw unwrapFailed(attempts);
}

function isNamedLike({ name }: Settings, wrappedKey: WrappedKey): boolean {
  const { provider, keyId, keyVersion, algorithm } = wrappedKey;
  return provider === QUORUM_PROVIDER && keyId === name && keyVersion === '' && algorithm === QUORUM_ALGORITHM && !isPending(wrappedKey);
}

/** The engine parses every quorum with the header; a keyring may also be called on its own. Throws `keyring-failed`. */
function parse({ provider, name }: Pick<Keyring, 'provider' | 'name'>, wrappedKey: WrappedKey): Quorum {
  try {
    return parseQuorum(wrappedKey);
  } catch (cause) {
    const remedy = 'Check that the envelope is unaltered.';
    const failure = { provider, keyring: name, keyId: name, operation: 'unwrap', reason: 'corrupt', retryable: false, remedy } as const;
    throw keyringError(failure, 'the shares are not as the format wants them.', cause);
  }
}
