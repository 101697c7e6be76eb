/** What a broken rule throws: what the contract wants, and what was seen instead. */
export class ConformanceError extends Error {
  override readonly name: string = 'ConformanceError';
}

/** Fails the rule. `cause` is what was caught, if anything was. */
export function fail(message: string, cause?: unknown): never {
  throw new ConformanceError(message, cause === undefined ? undefined : { cause });
}

/** Fails the rule unless the condition holds. `message` says what the contract wants, and what was seen. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) fail(message);
}

/** A value as a message shows it. Only for what is no secret. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return String(value);
}
