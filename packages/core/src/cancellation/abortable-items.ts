import { invalidArgument } from '../errors/throw.js';
import { abortable, NEVER_ABORTED, throwIfAborted } from './abortable.js';

/**
 * The items of a source, none of which is waited for once the signal has fired. A source that is left before its end is
 * told so; after an abort it may never answer, and is not waited for.
 *
 * Throws `aborted`, `invalid-argument` for what is no source, and whatever the source throws.
 */
export async function* abortableItems<T>(
  items: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal = NEVER_ABORTED,
  argument = 'headers',
): AsyncGenerator<T, void, undefined> {
  const iterator = iteratorOf(items, argument);
  let ended = false;
  try {
    for (;;) {
      throwIfAborted(signal);
      const next = await abortable(Promise.resolve(iterator.next()), signal);
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    const left = ended ? undefined : Promise.resolve(iterator.return?.()).catch(() => undefined);
    if (!signal.aborted) await left;
  }
}

function iteratorOf<T>(items: AsyncIterable<T> | Iterable<T>, argument: string): AsyncIterator<T> | Iterator<T> {
  const given = items as Partial<AsyncIterable<T> & Iterable<T>> | null | undefined;
  if (typeof given?.[Symbol.asyncIterator] === 'function') return (given as AsyncIterable<T>)[Symbol.asyncIterator]();
  if (typeof given?.[Symbol.iterator] === 'function') return (given as Iterable<T>)[Symbol.iterator]();
  throw invalidArgument(argument, 'pass an array, or anything else that can be iterated over.');
}
