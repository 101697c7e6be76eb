import { isKeyfoldError } from '@keyfold/core';
import { usageError } from '../errors/usage-error.js';
import type { Origin } from './provider.js';

/** Calls a keyring's own function. What it refuses is told in the words of the settings, which are called as its options. */
export function fromOptions<T>(make: () => T, origin: Origin): T {
  try {
    return make();
  } catch (error) {
    if (!isKeyfoldError(error, 'invalid-argument')) throw error;
    const { argument } = error.details;
    const advice = error.message.slice(`${argument}: `.length);
    throw usageError(origin.argument, `${argument.replace(/^options\./, '')}: ${advice}`, error);
  }
}

/** What of these has a value: options that are not given are left to whoever takes them. */
export function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}

type Given<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };
