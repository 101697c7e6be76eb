import type { Keyring } from '@keyfold/core';
import type { KeyringManifest } from '../manifest.js';

/**
 * A keyring made of others, inside which the whole suite runs once more: what a keyring does on its own it must also do
 * as a member, and what composes keyrings must not get in their way.
 */
export interface Composition {
  /** How reports name it, e.g. `any-of`. */
  readonly name: string;
  /** Puts a keyring inside another. Called for each keyring of each fixture; what it adds must be new each time. */
  readonly compose: (keyring: Keyring) => Keyring;
  /** What the whole can do, from what the keyring inside can. Default: the same. */
  readonly adapt?: (manifest: KeyringManifest) => KeyringManifest;
  /** Whether the keyring alone opens what the whole has wrapped, and the reverse. Default `true`. */
  readonly interchangeable?: boolean;
}
