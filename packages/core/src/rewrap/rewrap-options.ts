import { invalidArgument } from '../errors/throw.js';
import { MAX_REVISION, MAX_WRAPPED_KEYS } from '../format/constants.js';
import { assertKeyring, assertPadding, resolveDecryptOptions } from '../message/options.js';
import type { DecryptOptions, ResolvedDecryptOptions } from '../message/options.js';
import type { WrappedKeyInfo } from '../message/inspect.js';
import type { Keyring } from '../keyring/keyring.js';

/** Names wrapped keys: those whose fields are all as given here. */
export interface KeySelector {
  readonly provider: string;
  readonly keyId?: string;
  readonly keyVersion?: string;
}

/** What a rewrap takes. `keyring` opens the header as it is. */
export interface RewrapOptions extends DecryptOptions {
  /**
   * Wraps the data key again. Its wrapped keys take the place of those of the same KEKs, which moves them to the newest
   * key version; repair those of its KEKs that are pending; and join the others. Default: nothing is wrapped.
   */
  readonly wrapWith?: Keyring;
  /** Which wrapped keys to drop, once the new ones are proven. Default: none. */
  readonly remove?: readonly KeySelector[] | ((key: WrappedKeyInfo) => boolean);
  /** Wrap again even where every KEK, at the version that the provider tells, is there already. Default `false`. */
  readonly refresh?: boolean;
  /** How many wrapped keys must be able to open the result: a rewrap that leaves fewer is refused. Default 1. */
  readonly minimum?: number;
  /** Accept new wrapped keys that cannot be proven, because only a public key is at hand. Default `false`. */
  readonly allowUnproven?: boolean;
  /** The least revision that the header may have: an older one was put back, and is refused. Default 0. */
  readonly minimumRevision?: number;
  /** Bytes of padding when the header cannot keep its length: 0 to 65,535. Default 0. */
  readonly headerPadding?: number;
}

/** `RewrapOptions`, checked, defaults filled in. */
export interface ResolvedRewrapOptions extends ResolvedDecryptOptions {
  readonly wrapWith: Keyring | undefined;
  readonly remove: (key: WrappedKeyInfo) => boolean;
  readonly refresh: boolean;
  readonly minimum: number;
  readonly allowUnproven: boolean;
  readonly minimumRevision: number;
  readonly headerPadding: number;
}

/** Throws `invalid-argument`, or `aborted` if the signal has fired already. */
export function resolveRewrapOptions(options: RewrapOptions): ResolvedRewrapOptions {
  const resolved = resolveDecryptOptions(options);
  if (options.wrapWith !== undefined) assertKeyring(options.wrapWith, 'options.wrapWith');
  return {
    ...resolved,
    wrapWith: options.wrapWith,
    remove: removerOf(options.remove),
    refresh: options.refresh ?? false,
    minimum: assertInteger(options.minimum ?? 1, 1, MAX_WRAPPED_KEYS, 'options.minimum'),
    allowUnproven: options.allowUnproven ?? false,
    minimumRevision: assertInteger(options.minimumRevision ?? 0, 0, MAX_REVISION, 'options.minimumRevision'),
    headerPadding: assertPadding(options.headerPadding ?? 0),
  };
}

/** Whether a selector names a key. */
export function selects(selector: KeySelector, key: { readonly provider: string; readonly keyId: string; readonly keyVersion: string }): boolean {
  return (
    selector.provider === key.provider &&
    (selector.keyId === undefined || selector.keyId === key.keyId) &&
    (selector.keyVersion === undefined || selector.keyVersion === key.keyVersion)
  );
}

function removerOf(remove: RewrapOptions['remove']): (key: WrappedKeyInfo) => boolean {
  if (remove === undefined) return () => false;
  if (typeof remove === 'function') return remove;
  const selectors: readonly KeySelector[] = Array.isArray(remove) ? remove : [];
  if (!Array.isArray(remove) || selectors.some((selector: Partial<KeySelector> | null) => typeof selector?.provider !== 'string')) {
    throw invalidArgument('options.remove', "pass a function, or an array such as [{ provider: 'aws-kms', keyId: arn }].");
  }
  return (key) => selectors.some((selector) => selects(selector, key));
}

function assertInteger(value: number, lowest: number, highest: number, argument: string): number {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw invalidArgument(argument, `pass an integer from ${lowest} to ${highest}.`);
}
