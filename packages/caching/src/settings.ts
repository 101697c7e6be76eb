import { assertKeyring, assertOptions, invalidArgument } from '@keyfold/core/keyring';
import type { Keyring } from '@keyfold/core/keyring';

/** What is cached, how much of it, and for how long. The more, the more one stolen data key opens. */
export interface CachingKeyringOptions {
  /** The keyring whose calls are spared. */
  readonly keyring: Keyring;
  /** How long a data key is used for new messages, and an unwrapped one is remembered, in ms. Default 60,000. */
  readonly maxAge?: number;
  /** How many messages are written under one data key: 1 (a new one for each) to 2^32. Default 1,000. */
  readonly maxMessages?: number;
  /**
   * How many data keys are kept for new messages, one for each encryption context; and as many that were unwrapped. What
   * was used longest ago makes room. Default 1,000.
   */
  readonly maxKeys?: number;
}

/** `CachingKeyringOptions`, checked, defaults filled in. */
export type Settings = Required<CachingKeyringOptions>;

/** The longest that a timer can wait, in ms. */
const LONGEST = 2 ** 31 - 1;

/** Throws `invalid-argument`. */
export function readOptions(options: CachingKeyringOptions): Settings {
  assertOptions(options, 'cachingKeyring({ keyring, maxAge: 60_000, maxMessages: 1_000 })');
  const { keyring, maxAge = 60_000, maxMessages = 1_000, maxKeys = 1_000 } = options;
  assertKeyring(keyring, 'options.keyring');
  assertInteger('options.maxAge', maxAge, LONGEST, 'of milliseconds');
  assertInteger('options.maxMessages', maxMessages, 2 ** 32, 'of messages');
  assertInteger('options.maxKeys', maxKeys, 2 ** 20, 'of data keys');
  return { keyring, maxAge, maxMessages, maxKeys };
}

function assertInteger(argument: string, value: number, maximum: number, what: string): void {
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return;
  throw invalidArgument(argument, `pass a whole number ${what}, from 1 to ${maximum}.`);
}
