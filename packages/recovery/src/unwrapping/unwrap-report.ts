import { isKeyfoldError } from '@keyfold/core';
import type { Kek } from '@keyfold/core/keyring';
import { nameOfKek } from '../domains/key-directory.js';

/** An envelope that did not open, although its header says that it should have. */
export interface UnwrapFailure {
  readonly id: string;
  /** The error's code, `unknown` for what is no error of Keyfold. */
  readonly code: string;
  readonly message: string;
}

/** What came of really opening envelopes in one scenario. */
export interface UnwrapReport {
  /** Envelopes that were tried. */
  readonly tried: number;
  readonly opened: number;
  /** Which key opened how many, the busiest first. */
  readonly openedBy: readonly { readonly provider: string; readonly keyId: string; readonly envelopes: number }[];
  readonly failed: number;
  /** The first of them. */
  readonly failures: readonly UnwrapFailure[];
}

/** Counts what comes of opening envelopes. */
export class UnwrapCounter {
  readonly #openedBy = new Map<string, { readonly kek: Kek; count: number }>();
  readonly #failures: UnwrapFailure[] = [];
  readonly #maximum: number;
  #opened = 0;
  #failed = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  opened(kek: Kek): void {
    this.#opened++;
    const name = nameOfKek(kek);
    const entry = this.#openedBy.get(name) ?? { kek, count: 0 };
    entry.count++;
    this.#openedBy.set(name, entry);
  }

  failed(failure: UnwrapFailure): void {
    this.#failed++;
    if (this.#failures.length < this.#maximum) this.#failures.push(failure);
  }

  report(): UnwrapReport {
    const openedBy = [...this.#openedBy.values()].sort((a, b) => b.count - a.count);
    return {
      tried: this.#opened + this.#failed,
      opened: this.#opened,
      openedBy: openedBy.map(({ kek: { provider, keyId }, count }) => ({ provider, keyId, envelopes: count })),
      failed: this.#failed,
      failures: this.#failures,
    };
  }
}

/** An error as data. */
export function describeError(error: unknown): { readonly code: string; readonly message: string } {
  const code = isKeyfoldError(error) ? error.code : 'unknown';
  return { code, message: error instanceof Error ? error.message : String(error) };
}
