import { abortableItems } from '../cancellation/abortable-items.js';
import { isKeyfoldError } from '../errors/keyfold-error.js';
import type { Limits } from '../format/limits.js';
import { inspect } from '../message/inspect.js';
import type { WrappedKeyInfo } from '../message/inspect.js';

/** A header, or an envelope's beginning with the whole header in it, and how reports name it. */
export interface NamedHeader {
  readonly id: string;
  readonly header: Uint8Array;
}

/** A header that could not be read: nothing is known about what it depends on. */
export interface UnreadableHeader {
  readonly id: string;
  readonly error: unknown;
}

/** How headers are read for a report. */
export interface ReportOptions {
  /** Caps of policy on the headers. */
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
}

/** The wrapped keys of each header, in turn; those that cannot be read go to `unreadable`. Throws `aborted`, `invalid-argument`. */
export async function* readWrappedKeys(
  headers: AsyncIterable<NamedHeader> | Iterable<NamedHeader>,
  unreadable: UnreadableHeader[],
  options: ReportOptions,
): AsyncGenerator<{ readonly id: string; readonly wrappedKeys: readonly WrappedKeyInfo[] }, void, undefined> {
  const { limits, signal } = options;
  for await (const { id, header } of abortableItems(headers, signal)) {
    try {
      const { wrappedKeys } = inspect(header, { payloadLength: 0, ...(limits === undefined ? {} : { limits }) });
      yield { id, wrappedKeys };
    } catch (error) {
      if (!isKeyfoldError(error)) throw error;
      unreadable.push({ id, error });
    }
  }
}
