import { inspect } from '../../src/index.js';
import type { RewrapOutcome, StoredHeader } from '../../src/index.js';
import { compareBytes } from '../../src/format/strings.js';
import { idle } from '../support/gate.js';

/** A store of headers with compare and swap, as a database is one. It counts what happens to it. */
export class Store {
  readonly headers: Map<string, Uint8Array>;
  /** Most headers that were between their load and the end of their replacement at one time. */
  busiest = 0;
  loads = 0;
  replacements = 0;
  /** Called before a header is compared and swapped. */
  beforeReplace: (id: string) => void | Promise<void> = () => undefined;
  #busy = new Set<string>();

  constructor(headers: ReadonlyMap<string, Uint8Array>) {
    this.headers = new Map(headers);
  }

  /** Everything in it, in the order of the ids. */
  *rows(): Generator<StoredHeader, void, undefined> {
    for (const id of [...this.headers.keys()].sort()) yield this.row(id);
  }

  row(id: string): StoredHeader {
    return {
      id,
      load: async () => {
        this.loads++;
        this.#busy.add(id);
        this.busiest = Math.max(this.busiest, this.#busy.size);
        await idle();
        return this.headers.get(id) as Uint8Array;
      },
      replace: async (expected, next) => {
        await this.beforeReplace(id);
        if (compareBytes(this.headers.get(id) as Uint8Array, expected) !== 0) return false;
        this.headers.set(id, next);
        this.replacements++;
        this.#busy.delete(id);
        return true;
      },
    };
  }

  revision(id: string): number {
    return inspect(this.headers.get(id) as Uint8Array).revision;
  }
}

/** Everything that a bulk rewrap tells. */
export async function collectOutcomes(outcomes: AsyncIterable<RewrapOutcome>): Promise<RewrapOutcome[]> {
  const all: RewrapOutcome[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}
