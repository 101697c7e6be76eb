/** An abort signal that counts who listens to it. */
export interface TrackedSignal {
  readonly signal: AbortSignal;
  readonly abort: (reason?: unknown) => void;
  /** How many listeners would be called by an abort now. */
  readonly listeners: () => number;
}

/** A real `AbortSignal`, whose two methods for listeners also keep count. */
export function trackedSignal(): TrackedSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const listening = new Set<unknown>();
  const add = signal.addEventListener.bind<AbortSignal['addEventListener']>(signal);
  const remove = signal.removeEventListener.bind<AbortSignal['removeEventListener']>(signal);
  Object.defineProperties(signal, {
    addEventListener: {
      value: (...args: Parameters<typeof add>) => {
        const [, listener, options] = args;
        listening.add(listener);
        // The platform removes it by itself when that other signal fires.
        if (typeof options === 'object') options.signal?.addEventListener('abort', () => listening.delete(listener));
        add(...args);
      },
    },
    removeEventListener: {
      value: (...args: Parameters<typeof remove>) => {
        listening.delete(args[1]);
        remove(...args);
      },
    },
  });
  return {
    signal,
    abort: (reason) => {
      controller.abort(reason);
    },
    // A signal fires once: after that, nobody waits for it any more.
    listeners: () => (signal.aborted ? 0 : listening.size),
  };
}
