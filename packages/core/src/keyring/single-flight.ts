import { abortable, throwIfAborted } from '../cancellation/abortable.js';

/**
 * One call at a time, for all who want its result meanwhile. Whoever's signal fires stops waiting alone; the call itself
 * is given up when nobody waits any more.
 *
 * @example
 * ```ts
 * const publicKey = singleFlight(async (signal) => await kms.getPublicKey(keyId, { signal }));
 * const [one, same] = await Promise.all([publicKey(request.signal), publicKey(request.signal)]); // one call
 * ```
 */
export function singleFlight<T>(start: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let current: Flight<T> | undefined;
  return async (signal) => {
    throwIfAborted(signal);
    const flight = (current ??= takeOff(start));
    flight.waiting += 1;
    try {
      return await abortable(flight.result, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        if (current === flight) current = undefined;
        flight.stop.abort();
      }
    }
  };
}

interface Flight<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

function takeOff<T>(start: (signal: AbortSignal) => Promise<T>): Flight<T> {
  const stop = new AbortController();
  return { result: start(stop.signal), stop, waiting: 0 };
}
