import { invalidArgument, isKeyfoldError, keyringError } from '@keyfold/core/keyring';
import type { KeyCheck, KeyfoldError, KeyringFailure } from '@keyfold/core/keyring';

/** Stands in every wrapped key that a local key makes; which kind of key it is, its `algorithm` tells. */
export const PROVIDER = 'local-raw';

/** A name goes into the key derivation behind a length of one byte. */
const MAX_NAME_LENGTH = 255;

/** Checks the name of a local key, which is the `keyId` of its wrapped keys. Throws `invalid-argument`. */
export function readKeyName(name: unknown): string {
  if (typeof name === 'string' && name.length <= MAX_NAME_LENGTH && /^[!-~]+$/.test(name)) return name;
  const rule = `1 to ${MAX_NAME_LENGTH} printable ASCII characters without spaces, such as "app-2026"`;
  throw invalidArgument('options.name', `pass the name that the key is known by in envelopes: ${rule}.`);
}

/** The error of a local key that cannot do what was asked of it. */
export function misconfigured(
  name: string,
  operation: KeyringFailure['operation'],
  message: string,
  remedy: string,
  cause?: unknown,
): KeyfoldError<'keyring-failed'> {
  const failure = { provider: PROVIDER, keyring: name, keyId: name, operation, retryable: false, remedy } as const;
  return keyringError({ ...failure, reason: 'misconfigured' }, message, cause);
}

/** What `check` says of a local key: it is always there, and what it can do depends on which parts of it are given. */
export function localKeyCheck(
  name: string,
  can: { readonly wrap: boolean; readonly unwrap: boolean },
  problem?: KeyCheck['problem'],
): KeyCheck {
  return {
    provider: PROVIDER,
    keyId: name,
    keyVersion: '',
    reachable: true,
    state: 'enabled',
    permitted: { wrap: can.wrap ? 'yes' : 'no', unwrap: can.unwrap ? 'yes' : 'no', generate: 'no' },
    ...(problem === undefined ? {} : { problem }),
  };
}

/** What is wrong with a key that could not be made ready, or `undefined`. Throws only `aborted`. */
export async function problemOf(loading: Promise<unknown>, remedy: string): Promise<KeyCheck['problem']> {
  try {
    await loading;
    return undefined;
  } catch (error) {
    if (isKeyfoldError(error, 'aborted')) throw error;
    return { reason: 'misconfigured', remedy };
  }
}
