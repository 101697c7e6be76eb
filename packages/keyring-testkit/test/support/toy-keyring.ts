import {
  abortable,
  isKeyfoldError,
  keyringError,
  notAccepted,
  throwIfAborted,
  unwrapEach,
  wrapFailed,
} from '@keyfold/core/keyring';
import type { FailureReason, KeyCheck, Keyring, KeyringFailure, WrappedKey } from '@keyfold/core/keyring';
import { ToyKmsError } from './toy-kms.js';
import type { ToyAnswer, ToyCall, ToyKms, ToyRequest } from './toy-kms.js';

export const TOY_PROVIDER = 'toy-kms';
export const TOY_ALGORITHM = 'TOY-A256GCM';

export interface ToyKeyringOptions {
  readonly kms: ToyKms;
  /** Ids or aliases: the first one generates. */
  readonly keys: readonly string[];
  /** Milliseconds until a request is given up. */
  readonly deadline?: number;
}

const ERRORS: Readonly<Record<ToyKmsError['code'], readonly [FailureReason, boolean, string]>> = {
  Throttled: ['throttled', true, 'Ask for a higher quota.'],
  Denied: ['access-denied', false, 'Grant the permission toy:use on the key.'],
  Disabled: ['disabled', false, 'Enable the key.'],
  BadCiphertext: ['corrupt', false, 'Check that the envelope is unaltered.'],
  Down: ['unavailable', true, 'Try again later.'],
};

/** A keyring as somebody would write one who follows the contract, for a service with everything that the suite knows of. */
export function toyKeyring({ kms, keys, deadline = 60_000 }: ToyKeyringOptions): Keyring {
  const name = keys.join(' and ');

  const failed = (keyId: string, operation: KeyringFailure['operation'], error: unknown): unknown => {
    if (isKeyfoldError(error)) return error;
    const [reason, retryable, remedy] =
      error instanceof ToyKmsError ? ERRORS[error.code] : (['timeout', true, 'Try again later.'] as const);
    const failure = { provider: TOY_PROVIDER, keyring: name, keyId, operation, reason, retryable, remedy } as const;
    return keyringError(failure, 'the toy service did not do it.', error);
  };

  /** A request with a deadline. Whatever is thrown, `aborted` or not, says what to do. */
  const send = async (
    operation: KeyringFailure['operation'],
    request: ToyRequest,
    { signal, ...call }: ToyCall & { readonly signal: AbortSignal },
  ): Promise<ToyAnswer> => {
    throwIfAborted(signal);
    const controller = new AbortController();
    const giveUp = (): void => {
      controller.abort();
    };
    const timer = setTimeout(giveUp, deadline);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      const sent = kms.send(request, { ...call, signal: controller.signal });
      return await abortable(sent, signal, (late) => void late.bytes.fill(0));
    } catch (error) {
      throw failed(call.keyId, operation, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  };

  const wrappedKey = ({ keyId, version, wrapped }: ToyAnswer): WrappedKey => ({
    provider: TOY_PROVIDER,
    keyId,
    keyVersion: version,
    algorithm: TOY_ALGORITHM,
    ciphertext: wrapped,
  });

  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider: TOY_PROVIDER,
    name,
    keks: keys.map((keyId) => ({ provider: TOY_PROVIDER, keyId })),

    async wrap({ keyMaterial, context, signal }) {
      const results = await Promise.allSettled(
        keys.map(
          async (keyId) =>
            await send('wrap', 'Encrypt', { keyId, context: context.digest, bytes: keyMaterial, signal }),
        ),
      );
      const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      for (const { bytes } of answers) bytes.fill(0);
      const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      if (errors.length === 0) return { wrappedKeys: answers.map(wrappedKey) };
      const rows = errors.flatMap((error) =>
        isKeyfoldError(error, 'keyring-failed')
          ? [{ ...error.details, outcome: 'failed' as const, message: error.message }]
          : [],
      );
      throw keys.length === 1 || rows.length === 0 ? errors[0] : wrapFailed(rows, errors[0]);
    },

    async unwrap(request) {
      const { context, signal } = request;
      throwIfAborted(signal);
      // An alias names no stored key: whoever configured one is told by the service where it leads.
      const resolve = async (keyId: string): Promise<string> =>
        keyId.startsWith('alias/')
          ? (await send('unwrap', 'DescribeKey', { keyId, context: context.digest, signal })).keyId
          : keyId;
      const ids = request.wrappedKeys.some(({ provider }) => provider === TOY_PROVIDER)
        ? await Promise.all(keys.map(resolve))
        : [];
      return await unwrapEach(keyring, request, ({ keyId, keyVersion, algorithm, ciphertext }) => {
        if (!ids.includes(keyId) || !/^v[1-9]\d{0,5}$/.test(keyVersion) || algorithm !== TOY_ALGORITHM)
          return undefined;
        return async () => {
          const { bytes } = await send('unwrap', 'Decrypt', {
            keyId,
            context: context.digest,
            bytes: ciphertext,
            signal,
          });
          if (bytes.length !== 32) throw notAccepted(keyring, keyId);
          return bytes;
        };
      });
    },

    async generate({ context, signal }) {
      const [first = '', ...rest] = keys;
      const made = await send('generate', 'GenerateDataKey', { keyId: first, context: context.digest, signal });
      const wrapOne = async (keyId: string): Promise<ToyAnswer> =>
        await send('generate', 'Encrypt', { keyId, context: context.digest, bytes: made.bytes, signal });
      try {
        return {
          keyMaterial: made.bytes,
          wrappedKeys: [made, ...(await Promise.all(rest.map(wrapOne)))].map(wrappedKey),
        };
      } catch (error) {
        made.bytes.fill(0);
        throw error;
      }
    },

    async check({ signal }) {
      throwIfAborted(signal);
      return await Promise.all(keys.map(async (keyId) => await checkOne(keyId, signal)));
    },
  };

  const checkOne = async (keyId: string, signal: AbortSignal): Promise<KeyCheck> => {
    const permitted = { wrap: 'yes', unwrap: 'yes', generate: 'yes' } as const;
    try {
      const { keyId: resolved, version } = await send('check', 'DescribeKey', {
        keyId,
        context: new Uint8Array(32),
        signal,
      });
      return {
        provider: TOY_PROVIDER,
        keyId: resolved,
        keyVersion: version,
        reachable: true,
        state: 'enabled',
        permitted,
      };
    } catch (error) {
      if (!isKeyfoldError(error, 'keyring-failed')) throw error;
      const { reason, remedy } = error.details;
      const unreachable = reason === 'unavailable' || reason === 'timeout';
      return {
        provider: TOY_PROVIDER,
        keyId,
        keyVersion: '',
        reachable: !unreachable,
        state: reason === 'disabled' ? 'disabled' : 'unknown',
        permitted: { wrap: 'unknown', unwrap: 'unknown', generate: 'unknown' },
        problem: { reason, remedy },
      };
    }
  };
  return keyring;
}
