import type { Keyring } from '@keyfold/core';

/** How one kind of keyring is named on the command line and in a configuration. */
export interface Provider {
  /** From `-k <provider>:<rest>`. */
  fromSpec(rest: string, origin: Origin): Promise<PlacedKeyring>;
  /** From an entry of `keyrings` in a configuration, which the schema has checked. */
  fromSettings(settings: Readonly<Record<string, unknown>>, origin: Origin): Promise<PlacedKeyring>;
}

/** A keyring, and what fails together with it. */
export interface PlacedKeyring {
  readonly keyring: Keyring;
  /** By kind, as far as its name and settings tell: `{ provider: 'aws-kms', account: '111122223333', region: 'eu-west-1' }`. */
  readonly domain: FailureDomain;
}

export type FailureDomain = Readonly<Record<string, string>>;

/** Where a keyring was named. */
export interface Origin {
  /** How errors call the place: `--key`, or a configuration's path and the place in it. */
  readonly argument: string;
  /** What relative paths are relative to. */
  readonly folder: string;
}
