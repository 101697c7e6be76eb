import { NEVER_ABORTED, throwIfAborted } from '../cancellation/abortable.js';
import type { ExpectedContext } from '../context/check-context.js';
import { readContextInput } from '../context/context-input.js';
import type { ContextInput } from '../context/context-input.js';
import { invalidArgument } from '../errors/throw.js';
import { MAX_PADDING, MAX_SEGMENT_LOG2, MIN_SEGMENT_LOG2 } from '../format/constants.js';
import { resolveLimits } from '../format/limits.js';
import type { Limits } from '../format/limits.js';
import type { Keyring } from '../keyring/keyring.js';

/** 2^17 = 131,072 bytes: docs/decisions/segment-size.md has the measurement. */
export const DEFAULT_SEGMENT_LOG2 = 17;

/** What every way of encrypting takes. */
export interface EncryptOptions {
  /** Wraps the data key. */
  readonly keyring: Keyring;
  /** Encryption context: authenticated, stored in the clear, and must be known to open the envelope. Default: none. */
  readonly context?: ContextInput;
  /**
   * Encryption context of which only the keys are stored: whoever opens the envelope must supply the values. They are not
   * secret: a KMS that binds the context gets them and may log them (AWS CloudTrail does, in the clear).
   */
  readonly externalContext?: ContextInput;
  /** Plaintext bytes in a full segment: a power of two from 4,096 to 16,777,216. Default 131,072. */
  readonly segmentSize?: number;
  /** Room in the header, so that a later rewrap need not move the payload: 0 to 65,535 bytes. Default 0. */
  readonly headerPadding?: number;
  /** Caps of policy on the header that is written. */
  readonly limits?: Partial<Limits>;
  /** Stops the call; it then throws `aborted`. */
  readonly signal?: AbortSignal;
}

/** What every way of decrypting takes. */
export interface DecryptOptions {
  /** Unwraps the data key. */
  readonly keyring: Keyring;
  /**
   * The context that you expect, and the values of external keys. Every pair given here must be the envelope's; pairs
   * that are left out may have any value. An envelope with a context is not opened without any pair, unless you say
   * `'unchecked'`.
   */
  readonly context?: ContextInput | 'unchecked';
  /** Caps of policy on the header that is read. */
  readonly limits?: Partial<Limits>;
  /** Stops the call; it then throws `aborted`. */
  readonly signal?: AbortSignal;
}

/** `EncryptOptions`, checked, defaults filled in. */
export interface ResolvedEncryptOptions {
  readonly keyring: Keyring;
  readonly embedded: ReadonlyMap<string, string>;
  readonly external: ReadonlyMap<string, string>;
  readonly segmentLog2: number;
  readonly headerPadding: number;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** `DecryptOptions`, checked, defaults filled in. */
export interface ResolvedDecryptOptions {
  readonly keyring: Keyring;
  readonly context: ExpectedContext;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Throws `invalid-argument`, or `aborted` if the signal has fired already. */
export function resolveEncryptOptions(options: EncryptOptions): ResolvedEncryptOptions {
  assertOptions(options);
  const embedded = readContextInput(options.context, 'options.context');
  const external = readContextInput(options.externalContext, 'options.externalContext');
  for (const key of external.keys()) {
    if (embedded.has(key)) {
      const message = `the key ${JSON.stringify(key)} is in options.context too; a key is embedded or external.`;
      throw invalidArgument('options.externalContext', message);
    }
  }
  return {
    keyring: options.keyring,
    embedded,
    external,
    segmentLog2: segmentLog2Of(options.segmentSize),
    headerPadding: assertPadding(options.headerPadding ?? 0),
    limits: resolveLimits(options.limits, 'options.limits'),
    signal: assertSignal(options.signal),
  };
}

/** Throws `invalid-argument`, or `aborted` if the signal has fired already. */
export function resolveDecryptOptions(options: DecryptOptions): ResolvedDecryptOptions {
  assertOptions(options);
  return {
    keyring: options.keyring,
    context: options.context === 'unchecked' ? 'unchecked' : readContextInput(options.context, 'options.context'),
    limits: resolveLimits(options.limits, 'options.limits'),
    signal: assertSignal(options.signal),
  };
}

function assertOptions(options: { readonly keyring: Keyring }): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw invalidArgument('options', 'pass an object with at least a keyring, such as { keyring }.');
  }
  assertKeyring(options.keyring, 'options.keyring');
}

/** Throws `invalid-argument`. */
export function assertKeyring(value: unknown, argument: string): asserts value is Keyring {
  const keyring = value as Partial<Keyring> | null | undefined;
  if (typeof keyring?.wrap !== 'function' || typeof keyring.unwrap !== 'function') {
    throw invalidArgument(argument, 'pass a keyring, for example one from @keyfold/local-raw.');
  }
  if ((keyring.specificationVersion as unknown) !== 'keyring-v1') {
    const found = String(keyring.specificationVersion);
    throw invalidArgument(argument, `it is made for contract ${found}, not keyring-v1; install matching versions.`);
  }
}

function segmentLog2Of(segmentSize: number | undefined): number {
  if (segmentSize === undefined) return DEFAULT_SEGMENT_LOG2;
  const log2 = typeof segmentSize === 'number' ? Math.log2(segmentSize) : Number.NaN;
  if (!Number.isInteger(log2) || log2 < MIN_SEGMENT_LOG2 || log2 > MAX_SEGMENT_LOG2) {
    throw invalidArgument('options.segmentSize', 'pass a power of two from 4096 to 16777216 (bytes).');
  }
  return log2;
}

/** Throws `invalid-argument`. */
export function assertPadding(padding: number): number {
  if (!Number.isInteger(padding) || padding < 0 || padding > MAX_PADDING) {
    throw invalidArgument('options.headerPadding', `pass an integer from 0 to ${MAX_PADDING} (bytes).`);
  }
  return padding;
}

function assertSignal(signal: AbortSignal | undefined): AbortSignal {
  if (signal === undefined) return NEVER_ABORTED;
  if (typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function') {
    throw invalidArgument('options.signal', 'pass the signal of an AbortController.');
  }
  throwIfAborted(signal);
  return signal;
}

/** Refuses anything but a `Uint8Array`. Throws `invalid-argument`. */
export function assertBytes(value: unknown, argument: string): asserts value is Uint8Array {
  if (value instanceof Uint8Array) return;
  const hint = typeof value === 'string' ? 'for text, new TextEncoder().encode(text)' : 'new Uint8Array(buffer)';
  throw invalidArgument(argument, `pass a Uint8Array (${hint}).`);
}
