import type { Keyring } from '@keyfold/core';
import type { Awaitable } from '@keyfold/core/keyring';
import type { Operation } from './manifest.js';

/**
 * What the factory makes for each rule: keyrings, and hooks that reach behind them. A hook belongs to an ability of the
 * manifest; the suite fails when one is declared without the other.
 */
export interface KeyringFixture {
  /** The keyring under test, not used before. Its KEKs are configured by their resolved ids. */
  readonly keyring: Keyring;
  /** Another instance with the same configuration, as a process would make it that reads what this one wrote. */
  readonly twin: Keyring;
  /** A keyring of the same provider with other KEKs: it opens nothing that `keyring` wrapped, and the reverse. */
  readonly stranger: Keyring;

  /** With `manifest.offlineWrap`: has the KEK of `keyring`, and of it the public key alone. */
  readonly offline?: Keyring;
  /** With `manifest.aliases`. */
  readonly alias?: AliasHooks;
  /** With `manifest.rotation`: gives the KEKs of `keyring` new key material; the old one still unwraps. */
  readonly rotate?: () => Awaitable<void>;
  /** With `manifest.requests`: how many requests the provider has received so far, whatever became of them. */
  readonly requestCount?: () => Awaitable<number>;
  /** With `manifest.requests`: withholds the provider's answers to the requests of this name, until released. */
  readonly hold?: (request: string) => Awaitable<HeldAnswer>;
  /** With `manifest.faults`. */
  readonly faults?: FaultHooks;

  /** Key ids of the provider that nobody configured, in the provider's own form: another account, Region or vault. */
  readonly foreignKeyIds?: readonly string[];
  /** Bytes that must never show up in an error besides data keys, such as a local KEK. */
  readonly secrets?: readonly Uint8Array[];
  /** Called after each rule, also when it failed. */
  readonly cleanup?: () => Awaitable<void>;
}

/** A KEK under another name than its resolved one. */
export interface AliasHooks {
  /** Has the KEK of `keyring`, configured by alias. */
  readonly keyring: Keyring;
  /** Lets the alias lead to the KEK of `stranger`. */
  readonly repoint: () => Awaitable<void>;
}

/** An answer that the provider withholds. */
export interface HeldAnswer {
  /** Settles once the provider has received the request. */
  readonly reached: Promise<unknown>;
  /** With `manifest.abandonsRequests`: settles once the provider saw that the request was given up. */
  readonly abandoned?: Promise<unknown>;
  /** Lets the answers go; later requests are answered as usual. */
  readonly release: () => Awaitable<void>;
}

/** How something is made to go wrong. */
export interface FaultHooks {
  /** From now on, what `operation` of `keyring` asks of its provider goes wrong. `kind` is one of the manifest's. */
  readonly inject: (kind: string, operation: Operation) => Awaitable<void>;
  /** From now on, nothing goes wrong. Also called when nothing was injected. */
  readonly heal: () => Awaitable<void>;
}
