import { abortable, singleFlight } from '@keyfold/core/keyring';

/** One call at a time for each thing that is wanted, for all who want it meanwhile. */
export class Flights<T> {
  readonly #flights = new Map<string, (signal: AbortSignal) => Promise<T>>();

  /**
   * The result of `start`, or of the call for the same that is under way. Whoever's signal fires stops waiting alone; the
   * call's own signal fires when nobody waits any more, and nobody waits for it to heed that.
   */
  async share(wanted: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    let flight = this.#flights.get(wanted);
    if (flight === undefined) {
      const begun = singleFlight(async (stop: AbortSignal): Promise<T> => {
        try {
          return await abortable(start(stop), stop);
        } finally {
          if (this.#flights.get(wanted) === begun) this.#flights.delete(wanted);
        }
      });
      flight = begun;
      this.#flights.set(wanted, begun);
    }
    return await flight(signal);
  }
}
