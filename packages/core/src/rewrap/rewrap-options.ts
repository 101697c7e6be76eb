import { invalidArgument } from '../errors/throw.js';
import { MAX_REVISION, MAX_WRAPPED_KEYS } from '../format/constants.js';
import { assertKeyring, assertPadding, resolveDecryptOptions } from '../message/options.js';
import type { DecryptOptions, ResolvedDecryptOptions } from '../message/options.js';
import type { WrappedKeyInfo } from '../message/inspect.js';
import type { Keyring } from '../keyring/keyring.js';

/** Names wrapped keys of a header: those whose fields are all as given here. Shares of quorums are not looked at. */
export interface KeySelector {
  readonly provider: string;
  /** As it stands in the header: the resolved identifier, not an alias. Default: any. */
  readonly keyId?: string;
  /** Default: any. */
  readonly keyVersion?: string;
}

/** What a rewrap takes. `keyring` opens the header as it is. */
export interface RewrapOptions extends DecryptOptions {
  /**
   * Wraps the data key again. Its wrapped keys take the place of those of the same KEKs, which moves them to the newest
   * key version; repair those of its KEKs that are pending; and join the others. Default: nothing is wrapped.
   *
   * A wrapped key that is there already, under the same version of its KEK, is kept, unless you ask for a `refresh`.
   */
  readonly wrapWith?: Keyring;
  /**
   * Which wrapped keys to drop, once the new ones are proven; those of the KEKs of `wrapWith` stay. Default: none, but for
   * older versions of the KEKs of `wrapWith`.
   */
  readonly remove?: readonly KeySelector[] | ((key: WrappedKeyInfo) => boolean);
  /**
   * Replace also the wrapped keys that are there already. For providers that do not tell the version of a KEK (AWS), this is
   * the only way to move to its newest one. Default `false`.
   */
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

const SELECTOR_FIELDS = ['provider', 'keyId', 'keyVersion'];

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
    refresh: assertBoolean(options.refresh ?? false, 'options.refresh'),
    minimum: assertInteger(options.minimum ?? 1, 1, MAX_WRAPPED_KEYS, 'options.minimum'),
    allowUnproven: assertBoolean(options.allowUnproven ?? false, 'options.allowUnproven'),
    minimumRevision: assertInteger(options.minimumRevision ?? 0, 0, MAX_REVISION, 'options.minimumRevision'),
    headerPadding: assertPadding(options.headerPadding ?? 0),
  };
}

function selects(selector: KeySelector, key: WrappedKeyInfo): boolean {
  return (
    selector.provider === key.provider &&
    (selector.keyId === undefined || selector.keyId === key.keyId) &&
    (selector.keyVersion === undefined || selector.keyVersion === key.keyVersion)
  );
}

function removerOf(remove: RewrapOptions['remove']): (key: WrappedKeyInfo) => boolean {
  if (remove === undefined) return () => false;
  if (typeof remove === 'function') return remove;
  if (!Array.isArray(remove)) throw badSelector('options.remove');
  const selectors: readonly KeySelector[] = remove;
  for (const [i, selector] of selectors.entries()) assertSelector(selector, `options.remove[${i}]`);
  return (key) => selectors.some((selector) => selects(selector, key));
}

/** Refuses what would name more than was meant: a misspelt field, or one whose value was never set. */
function assertSelector(selector: unknown, argument: string): void {
  if (typeof selector !== 'object' || selector === null || !('provider' in selector)) throw badSelector(argument);
  for (const [name, value] of Object.entries(selector)) {
    if (!SELECTOR_FIELDS.includes(name) || typeof value !== 'string') throw badSelector(`${argument}.${name}`);
  }
}

function badSelector(argument: string): Error {
  return invalidArgument(
    argument,
    "pass a function, or an array such as [{ provider: 'aws-kms', keyId: arn }] of provider, keyId and keyVersion, all strings.",
  );
}

/** Refuses what would count as true without being it, such as 'false'. Throws `invalid-argument`. */
export function assertBoolean(value: boolean, argument: string): boolean {
  if (typeof value === 'boolean') return value;
  throw invalidArgument(argument, 'pass true or false.');
}

function assertInteger(value: number, lowest: number, highest: number, argument: string): number {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw invalidArgument(argument, `pass an integer from ${lowest} to ${highest}.`);
}
