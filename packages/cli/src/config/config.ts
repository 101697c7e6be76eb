import type { MultiKeyringOptions } from '@keyfold/core';
import type { FailureDomain } from '../keyrings/provider.js';

/** A configuration file, as config.schema.json describes it. */
export interface Config {
  readonly keyrings?: Readonly<Record<string, KeyringEntry>>;
  /** Names of keyrings for when the command line names no key. */
  readonly defaultKeyring?: string | { readonly encrypt?: string; readonly decrypt?: string };
  readonly context?: Readonly<Record<string, string>>;
}

/** A key as `-k` takes it, or a provider's settings, or several entries of which one or several open what is encrypted. */
export type KeyringEntry = string | ProviderEntry | AnyOfEntry | QuorumEntry;

export interface ProviderEntry extends Readonly<Record<string, unknown>> {
  readonly provider: string;
}

/** Several entries of which each opens what is encrypted, and how they are written to and asked. */
export interface AnyOfEntry extends AnyOfSettings {
  readonly anyOf: readonly (KeyringEntry | MemberEntry)[];
}

export type AnyOfSettings = Omit<MultiKeyringOptions, 'members'>;

/** One of several, and what is known of it besides. */
export interface MemberEntry {
  readonly keyring: KeyringEntry;
  /** Added to what its name tells, and instead of that. */
  readonly domain?: FailureDomain;
  readonly required?: boolean;
}

/** Several entries of which so many have to come together to open what is encrypted. */
export interface QuorumEntry {
  /** What envelopes call it. */
  readonly quorum: string;
  readonly threshold: number;
  readonly shares: readonly KeyringEntry[];
  readonly deadline?: number;
}

/** A configuration and where it came from. */
export interface LoadedConfig {
  readonly file: string;
  /** What relative paths in it are relative to. */
  readonly folder: string;
  readonly config: Config;
}
