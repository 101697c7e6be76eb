import type { FailureReason } from '@keyfold/core';
import { abortError, keyringError, notAccepted } from '@keyfold/core/keyring';
import type { Keyring, UnwrapRequest, UnwrapResult, WrapRequest } from '@keyfold/core/keyring';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';

/**
 * How a member behaves: as it should; failing; silent until it is given up; silent for ever; answering with another share, or
 * one of another length; or never asking whether its share is the right one.
 */
export type Mode = 'works' | 'fails' | 'hangs' | 'dead' | 'lies' | 'short' | 'does not ask' | 'throws at once';

/** A real local keyring whose behaviour can be changed at any time, and which tells what it was asked and handed. */
export interface Member {
  readonly keyring: Keyring;
  mode: Mode;
  reason: FailureReason;
  /** The operations that it was asked for, but for unwraps of what is not its own. */
  readonly asked: ('wrap' | 'unwrap')[];
  readonly signals: AbortSignal[];
  /** The very bytes of shares that went in and out. */
  readonly shares: Uint8Array[];
  /** Copies of them, as they were. */
  readonly copies: Uint8Array[];
  /** Lets the answers of a silent member come after all. */
  answer(): void;
}

export function member(name: string, mode: Mode = 'works'): Member {
  const real = rawAesKeyring({ name, key: generateAesKey() });
  const late: (() => void)[] = [];
  const saw = <Bytes extends Uint8Array>(bytes: Bytes): Bytes => {
    self.shares.push(bytes);
    self.copies.push(new Uint8Array(bytes));
    return bytes;
  };
  const misbehave = async (operation: 'wrap' | 'unwrap', signal: AbortSignal): Promise<void> => {
    self.asked.push(operation);
    self.signals.push(signal);
    if (self.mode === 'fails') {
      const failure = { provider: real.provider, keyring: name, keyId: name, operation, remedy: 'Wait.' };
      throw keyringError({ ...failure, reason: self.reason, retryable: self.reason === 'unavailable' }, 'It is down.');
    }
    if (self.mode !== 'hangs' && self.mode !== 'dead') return;
    await new Promise<void>((resolve, reject) => {
      late.push(resolve);
      const giveUp = (): void => {
        reject(abortError(signal));
      };
      if (self.mode === 'hangs') signal.addEventListener('abort', giveUp, { once: true });
    });
  };
  const unwrap = async (request: UnwrapRequest): Promise<UnwrapResult | null> => {
    const wrappedKey = request.wrappedKeys.find(({ keyId }) => keyId === name);
    if (wrappedKey === undefined) return null;
    await misbehave('unwrap', request.signal);
    if (self.mode === 'lies' || self.mode === 'short') {
      const keyMaterial = saw(new Uint8Array(self.mode === 'lies' ? 32 : 31).fill(self.shares.length + 1));
      if (await request.accepts(keyMaterial)) return { keyMaterial, wrappedKey };
      keyMaterial.fill(0);
      throw notAccepted(real, name);
    }
    // One that is silent has not looked at its signal either.
    const signal = self.mode === 'dead' ? new AbortController().signal : request.signal;
    const asks = self.mode !== 'does not ask';
    return await real.unwrap({
      ...request,
      signal,
      accepts: async (bytes) => (asks ? await request.accepts(saw(bytes)) : saw(bytes).length > 0),
    });
  };
  const keyring: Keyring = {
    ...real,
    async wrap(request: WrapRequest) {
      saw(request.keyMaterial);
      await misbehave('wrap', request.signal);
      return await real.wrap(request);
    },
    // Not async: it is to throw before there is a promise.
    // eslint-disable-next-line @typescript-eslint/promise-function-async
    unwrap(request) {
      if (self.mode === 'throws at once') throw new TypeError('It is broken.');
      return unwrap(request);
    },
  };
  const self: Member = {
    keyring,
    mode,
    reason: 'unavailable',
    asked: [],
    signals: [],
    shares: [],
    copies: [],
    answer() {
      for (const resolve of late.splice(0)) resolve();
    },
  };
  return self;
}

export const isWiped = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
