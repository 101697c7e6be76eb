import { NEVER_ABORTED } from './never-aborted.js';

/** The calls that wait for a signal, behind the one listener that it has from here. */
interface Waiting {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `callback` when the signal fires; what it returns takes that back. A signal gets one listener, however many calls
 * wait for it (platforms warn of a leak at the eleventh), and none once nobody waits. One that never fires gets none:
 * it lives as long as the process does, and so would everything that waits for it and is then forgotten.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal === NEVER_ABORTED) return () => undefined;
  const { callbacks, listener } = waiting.get(signal) ?? listen(signal);
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    signal.removeEventListener('abort', listener);
    waiting.delete(signal);
  };
}

function listen(signal: AbortSignal): Waiting {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    for (const callback of [...callbacks]) callback();
  };
  const entry = { callbacks, listener };
  waiting.set(signal, entry);
  signal.addEventListener('abort', listener);
  return entry;
}
