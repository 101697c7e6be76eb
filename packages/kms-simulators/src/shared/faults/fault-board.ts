import type { ProviderName } from '../providers.js';
import type { RequestFacts } from '../requests/request-facts.js';
import { matchesTarget } from '../requests/request-target.js';
import type { Fault } from './fault.js';
import { ActiveFault, type InjectedFault } from './injected-fault.js';
import { validateFault, type KnownOperations } from './validate-fault.js';

/**
 * The faults in place. A request is hit by at most one: the first injected of those that match and
 * are not used up. So two faults of count 1 make the first request fail one way, the second another.
 *
 * @example
 * ```ts
 * sim.faults.inject({ kind: 'throttled', operation: 'Decrypt', count: 2 });
 * sim.faults.inject({ kind: 'latency', ms: 300, region: 'us-east-1' });
 * sim.faults.regionDown('eu-west-1');
 * sim.faults.clear();
 * ```
 */
export class FaultBoard {
  readonly #known: KnownOperations;
  #faults: ActiveFault[] = [];
  #injected = 0;

  /** @internal */
  constructor(known: KnownOperations) {
    this.#known = known;
  }

  /**
   * Puts a fault in place.
   *
   * @throws SimulatorError `invalid-fault` if a field, kind or operation does not exist.
   */
  inject(fault: Fault): InjectedFault {
    const active = this.#activate(fault);
    this.#faults.push(active);
    return active;
  }

  /**
   * Every request to this Region has its connection reset, whatever other faults there are. Clear
   * the returned fault, or call {@link FaultBoard.regionUp}, and the Region is back.
   */
  regionDown(region: string, provider?: ProviderName): InjectedFault {
    const active = this.#activate({ kind: 'reset', region, ...(provider && { provider }) });
    this.#faults.unshift(active);
    return active;
  }

  /** Ends what {@link FaultBoard.regionDown} began; returns how many faults that were. */
  regionUp(region: string, provider?: ProviderName): number {
    const down = this.#faults.filter(({ fault }) => {
      return (
        fault.kind === 'reset' &&
        fault.region === region &&
        fault.provider === provider &&
        fault.operation === undefined &&
        fault.key === undefined &&
        fault.account === undefined &&
        fault.vault === undefined
      );
    });
    for (const fault of down) fault.clear();
    return down.length;
  }

  /** The faults in place, used up or not, in the order in which they are tried. */
  list(): readonly InjectedFault[] {
    return [...this.#faults];
  }

  /**
   * Ends all faults, or the one with this id; returns how many that were.
   * Requests that hang or wait because of them go on at once.
   */
  clear(id?: string): number {
    const ended = this.#faults.filter((fault) => id === undefined || fault.id === id);
    for (const fault of ended) fault.clear();
    return ended.length;
  }

  /** @internal The fault that hits this request, which counts as a hit. */
  take(facts: RequestFacts): ActiveFault | undefined {
    const hit = this.#faults.find((active) => {
      return active.remaining !== 0 && matchesTarget(active.fault, facts);
    });
    if (hit !== undefined) hit.hits += 1;
    return hit;
  }

  #activate(fault: Fault): ActiveFault {
    const valid = validateFault(fault, this.#known);
    this.#injected += 1;
    return new ActiveFault(`fault-${this.#injected}`, valid, (ended) => {
      this.#faults = this.#faults.filter((other) => other !== ended);
    });
  }
}
