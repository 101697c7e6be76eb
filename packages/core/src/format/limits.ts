import { invalidArgument } from '../errors/throw.js';

/**
 * Caps of policy, applied when an envelope is written and before it is trusted when it is read. They bound what a
 * hostile header can make a reader do (specification, "Limits").
 */
export interface Limits {
  /** The whole header in bytes. Default 65,536; at most 1,048,576. */
  readonly headerBytes: number;
  /** Context entries, embedded and external. Default 64; at most 65,535. */
  readonly contextEntries: number;
  /** The encoded context in bytes, external values included. Default 8,192; at most 1,048,576. */
  readonly contextBytes: number;
}

export const DEFAULT_LIMITS: Limits = { headerBytes: 65_536, contextEntries: 64, contextBytes: 8_192 };

const HIGHEST: Limits = { headerBytes: 1_048_576, contextEntries: 65_535, contextBytes: 1_048_576 };

/** The caller's limits over the defaults. Throws `invalid-argument`. */
export function resolveLimits(limits: Partial<Limits> | undefined, argument: string): Limits {
  if (limits === undefined) return DEFAULT_LIMITS;
  if (typeof limits !== 'object' || (limits as unknown) === null) {
    throw invalidArgument(argument, 'pass an object such as { headerBytes: 131072 }.');
  }
  const resolved: Record<string, number> = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(limits) as [string, number | undefined][]) {
    // Own names only: `toString` is no limit.
    if (!Object.hasOwn(HIGHEST, name)) {
      throw invalidArgument(`${argument}.${name}`, `there is no such limit; use ${Object.keys(HIGHEST).join(', ')}.`);
    }
    if (value === undefined) continue;
    const highest = HIGHEST[name as keyof Limits];
    if (!Number.isInteger(value) || value < 0 || value > highest) {
      throw invalidArgument(`${argument}.${name}`, `pass an integer from 0 to ${highest}.`);
    }
    resolved[name] = value;
  }
  return resolved as unknown as Limits;
}
