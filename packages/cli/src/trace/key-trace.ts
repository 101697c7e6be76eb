import { AsyncLocalStorage } from 'node:async_hooks';
import type { Keyring } from '@keyfold/core';
import { attemptsOf } from '@keyfold/core/keyring';
import type { PlacedKeyring } from '../keyrings/provider.js';

/** Something that came of asking a key. */
export interface KeyEvent {
  readonly event: 'asked' | 'answered' | 'no-key' | 'failed' | 'given-up';
  readonly operation: 'wrap' | 'unwrap' | 'generate';
  readonly provider: string;
  readonly keyring: string;
  /** The envelope that it was for, where a command has several. */
  readonly file?: string;
  /** How long it took, in ms; absent for `asked`. */
  readonly tookMs?: number;
  /** For `failed`: of each attempt, where a key has several. */
  readonly failures?: readonly { readonly reason: string; readonly message: string; readonly remedy: string }[];
}

interface Trace {
  readonly onEvent: (event: KeyEvent) => void;
  readonly file?: string;
}

/** Belongs to what runs and not to a keyring, which several files share. */
const current = new AsyncLocalStorage<Trace>();

/** Runs work, and tells of every key that keyrings ask which were made in it by `traced`. */
export async function withKeyTrace<T>(onEvent: Trace['onEvent'], work: () => Promise<T>): Promise<T> {
  return await current.run({ onEvent }, work);
}

/** Runs the part of such work that is for one file. */
export async function forFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  const trace = current.getStore();
  return trace === undefined ? await work() : await current.run({ ...trace, file }, work);
}

/**
 * The keyring, which tells what comes of asking it, if anybody wants to know. It is what a name or a provider's settings
 * stand for, inside all others: so that each key that was asked is told of, and in its own words.
 */
export function traced({ keyring, domain }: PlacedKeyring): PlacedKeyring {
  if (current.getStore() === undefined) return { keyring, domain };
  const generate = keyring.generate?.bind(keyring);
  const told: Keyring = {
    ...keyring,
    wrap: async (request) => await ask(keyring, 'wrap', request.signal, async () => await keyring.wrap(request)),
    unwrap: async (request) => await ask(keyring, 'unwrap', request.signal, async () => await keyring.unwrap(request)),
    ...(generate && {
      generate: async (request) => await ask(keyring, 'generate', request.signal, async () => await generate(request)),
    }),
  };
  return { keyring: told, domain };
}

async function ask<T>(keyring: Keyring, operation: KeyEvent['operation'], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const { onEvent, ...about } = current.getStore() ?? { onEvent: () => undefined };
  const key = { operation, provider: keyring.provider, keyring: keyring.name, ...about };
  const started = performance.now();
  const tell = (event: KeyEvent['event'], more: Pick<KeyEvent, 'failures'> = {}): void => {
    onEvent({ event, ...key, tookMs: performance.now() - started, ...more });
  };
  onEvent({ event: 'asked', ...key });
  try {
    const result = await work();
    tell(result === null ? 'no-key' : 'answered');
    return result;
  } catch (error) {
    if (signal.aborted) tell('given-up');
    else tell('failed', { failures: attemptsOf(error, keyring).map(({ reason, message, remedy }) => ({ reason, message, remedy })) });
    throw error;
  }
}
