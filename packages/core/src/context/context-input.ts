import { invalidArgument } from '../errors/throw.js';
import { RESERVED_CONTEXT_PREFIX } from '../format/constants.js';
import { assertContextLimit } from '../format/context-entries.js';
import type { Limits } from '../format/limits.js';
import { compareBytes, encodeUtf8, hasLoneSurrogate } from '../format/strings.js';
import { digestContext, encodeContext } from './encryption-context.js';
import type { EncryptionContext } from './encryption-context.js';
import { DEFAULT_LIMITS } from '../format/limits.js';

/**
 * Pairs of an encryption context as a caller writes them: a plain object or a `Map` of strings. Keys hold 1 to 65,535
 * bytes of UTF-8 and do not begin with `keyfold:`, values hold up to 65,535.
 */
export type ContextInput = Readonly<Record<string, string>> | ReadonlyMap<string, string>;

const MAX_TEXT_BYTES = 65_535;

/** The pairs of a caller's context, checked. `argument` is its name. Throws `invalid-argument`. */
export function readContextInput(input: ContextInput | undefined, argument: string): Map<string, string> {
  const pairs = new Map<string, string>();
  if (input === undefined) return pairs;
  for (const [key, value] of entriesOf(input, argument)) {
    assertText(key, argument, 'a key');
    if (key === '') throw invalidArgument(argument, 'a key is empty; give every pair a name.');
    if (key.startsWith(RESERVED_CONTEXT_PREFIX)) {
      throw invalidArgument(argument, `the key ${JSON.stringify(key)} begins with "keyfold:", which is reserved; rename it.`);
    }
    assertText(value, argument, `the value of ${JSON.stringify(key)}`);
    pairs.set(key, value);
  }
  return pairs;
}

/** The pairs in ascending order of their keys' UTF-8 bytes, which is not the order of UTF-16 units. */
export function sortPairs(pairs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (pairs.size < 2) return pairs;
  const keys = [...pairs].map(([key, value]) => ({ key, value, bytes: encodeUtf8(key) }));
  keys.sort((a, b) => compareBytes(a.bytes, b.bytes));
  return new Map(keys.map(({ key, value }) => [key, value]));
}

/**
 * The encryption context that keyrings get for these pairs. For tests of keyrings: the engine makes it for every
 * message.
 *
 * @throws `invalid-argument`, `limit-exceeded`
 */
export async function encryptionContext(
  pairs: ContextInput = {},
  limits: Limits = DEFAULT_LIMITS,
): Promise<EncryptionContext> {
  const sorted = sortPairs(readContextInput(pairs, 'pairs'));
  return await digestContext(sorted, encodeWithinLimits(sorted, limits));
}

/** The encoded context, within the caller's caps. Throws `limit-exceeded`. */
export function encodeWithinLimits(pairs: ReadonlyMap<string, string>, limits: Limits): Uint8Array<ArrayBuffer> {
  assertContextLimit('contextEntries', pairs.size, limits);
  const encoded = encodeContext(pairs);
  assertContextLimit('contextBytes', encoded.length, limits);
  return encoded;
}

function entriesOf(input: unknown, argument: string): Iterable<readonly [unknown, unknown]> {
  if (input instanceof Map) return input as ReadonlyMap<unknown, unknown>;
  if (typeof input === 'object' && input !== null) {
    const prototype: unknown = Object.getPrototypeOf(input);
    // A plain object of any realm: its prototype is null, or has none itself.
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return Object.entries(input);
  }
  throw invalidArgument(argument, 'pass a plain object or a Map of strings, such as { tenant: "acme" }.');
}

function assertText(text: unknown, argument: string, what: string): asserts text is string {
  if (typeof text !== 'string') throw invalidArgument(argument, `${what} is not a string; convert it first.`);
  if (hasLoneSurrogate(text)) {
    throw invalidArgument(argument, `${what} has half of a surrogate pair, which has no UTF-8 form; mend the text.`);
  }
  if (text.length > MAX_TEXT_BYTES / 3 && encodeUtf8(text).length > MAX_TEXT_BYTES) {
    throw invalidArgument(argument, `${what} is longer than ${MAX_TEXT_BYTES} bytes; use a hash of it.`);
  }
}
