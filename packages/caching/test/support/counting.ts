import { randomBytes } from 'node:crypto';
import { rawAesKeyring } from '@keyfold/local-raw';
import type { GenerateResult, Keyring, UnwrapRequest, WrapRequest, WrapResult } from '@keyfold/core/keyring';

/** A local key that counts its calls, holds them while `held` has a promise, and fails with `error` while there is one. */
export interface Counting {
  readonly keyring: Keyring;
  readonly counts: { wrap: number; unwrap: number };
  /** Signals of the calls, in their order. */
  readonly signals: AbortSignal[];
  /** Every byte string of key material that it was handed or gave. */
  readonly seen: Uint8Array[];
  readonly held: { wrap?: Promise<unknown>; unwrap?: Promise<unknown> };
  error: Error | undefined;
}

/** @param generates - whether it makes data keys itself, as a KMS does */
export function counting(name = 'app-2026', generates = false): Counting {
  const key = new Uint8Array(32).fill(7);
  const real = rawAesKeyring({ name, key });
  const call = async (operation: 'wrap' | 'unwrap', signal: AbortSignal): Promise<void> => {
    self.counts[operation]++;
    self.signals.push(signal);
    await self.held[operation];
    if (self.error !== undefined) throw self.error;
  };
  const self: Counting = {
    counts: { wrap: 0, unwrap: 0 },
    signals: [],
    seen: [],
    held: {},
    error: undefined,
    keyring: {
      specificationVersion: 'keyring-v1',
      provider: real.provider,
      name,
      keks: real.keks,
      wrap: async (request: WrapRequest): Promise<WrapResult> => {
        self.seen.push(request.keyMaterial);
        await call('wrap', request.signal);
        return await real.wrap(request);
      },
      unwrap: async (request: UnwrapRequest) => {
        await call('unwrap', request.signal);
        const result = await real.unwrap(request);
        if (result !== null) self.seen.push(result.keyMaterial);
        return result;
      },
      ...(generates && {
        generate: async ({ context, signal }): Promise<GenerateResult> => {
          await call('wrap', signal);
          const keyMaterial = new Uint8Array(randomBytes(32));
          self.seen.push(keyMaterial);
          return { keyMaterial, ...(await real.wrap({ keyMaterial, context, signal })) };
        },
      }),
    },
  };
  return self;
}
