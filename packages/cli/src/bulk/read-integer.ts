import { usageError } from '../errors/usage-error.js';

/** The number that an option was given. Throws `invalid-argument`. */
export function readInteger(option: string, text: string, lowest: number, highest: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
  throw usageError(option, `give a whole number from ${lowest} to ${highest}, not ${JSON.stringify(text)}.`);
}
