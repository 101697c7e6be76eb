/** A configuration file, as config.schema.json describes it. */
export interface Config {
  readonly keyrings?: Readonly<Record<string, KeyringEntry>>;
  /** Names of keyrings for when the command line names no key. */
  readonly defaultKeyring?: string | { readonly encrypt?: string; readonly decrypt?: string };
  readonly context?: Readonly<Record<string, string>>;
}

/** A key as `-k` takes it, or a provider's settings, or several entries of which each opens what is encrypted. */
export type KeyringEntry = string | ProviderEntry | { readonly anyOf: readonly KeyringEntry[] };

export interface ProviderEntry extends Readonly<Record<string, unknown>> {
  readonly provider: string;
}

/** A configuration and where it came from. */
export interface LoadedConfig {
  readonly file: string;
  /** What relative paths in it are relative to. */
  readonly folder: string;
  readonly config: Config;
}
