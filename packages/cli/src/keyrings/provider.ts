import type { Keyring } from '@keyfold/core';

/** How one kind of keyring is named on the command line and in a configuration. */
export interface Provider {
  /** From `-k <provider>:<rest>`. */
  fromSpec(rest: string, origin: Origin): Promise<Keyring>;
  /** From an entry of `keyrings` in a configuration, which the schema has checked. */
  fromSettings(settings: Readonly<Record<string, unknown>>, origin: Origin): Promise<Keyring>;
}

/** Where a keyring was named. */
export interface Origin {
  /** How errors call the place: `--key`, or a configuration's path and the place in it. */
  readonly argument: string;
  /** What relative paths are relative to. */
  readonly folder: string;
}
