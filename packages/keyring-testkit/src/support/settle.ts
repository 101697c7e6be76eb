import { fail } from './assert.js';

/** How a call ended. */
export type Outcome<T> =
  { readonly status: 'fulfilled'; readonly value: T } | { readonly status: 'rejected'; readonly error: unknown };

/** A promise and the functions that settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Fails when a promise is not settled after `patience` ms, so that a hanging keyring gives a sentence to read. */
export async function within<T>(promise: Promise<T>, patience: number, complaint: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      resolve('late');
    }, patience);
  });
  const settled = promise.then((value) => ({ value }));
  try {
    const first = await Promise.race([settled, late]);
    if (first !== 'late') return first.value;
  } finally {
    clearTimeout(timer);
  }
  fail(`${complaint} (waited ${patience} ms).`);
}

/** Starts a call and says how it ends. A call that throws at once, or gives no promise, breaks the contract. */
export async function outcomeOf<T>(call: () => Promise<T>, what: string): Promise<Outcome<T>> {
  let result: Promise<T>;
  try {
    result = call();
  } catch (error) {
    fail(`${what} must reject its promise; it threw before it returned one.`, error);
  }
  if (typeof (result as Partial<Promise<T>> | undefined)?.then !== 'function') fail(`${what} must return a promise.`);
  try {
    return { status: 'fulfilled', value: await result };
  } catch (error) {
    return { status: 'rejected', error };
  }
}

/** Lets everything run that is due now: promises' continuations, and callbacks of the event loop's next turn. */
export async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
}
