import { invalidArgument } from '@keyfold/core/keyring';
import type { KeyName } from './key-name.js';
import { parseName } from './key-name.js';

/** A KEK that the keyring's owner named: a symmetric key without a version, or an RSA key with the one to wrap with. */
export type ConfiguredKey =
  | { readonly kind: 'symmetric'; readonly name: KeyName; readonly text: string }
  | { readonly kind: 'rsa'; readonly name: KeyName; readonly version: string; readonly text: string };

/** An RSA key. */
export type RsaKey = Extract<ConfiguredKey, { readonly kind: 'rsa' }>;

/** Reads the name of a key. Throws `invalid-argument`. */
export function readKey(text: unknown, argument: string): ConfiguredKey {
  const parsed = typeof text === 'string' ? parseName(text) : undefined;
  if (parsed === undefined) {
    throw invalidArgument(
      argument,
      'pass projects/…/locations/…/keyRings/…/cryptoKeys/…, for an RSA key with /cryptoKeyVersions/… at its end; "gcloud kms keys list" shows the names.',
    );
  }
  const { key: name, version } = parsed;
  return version === undefined ? { kind: 'symmetric', name, text: name.text } : { kind: 'rsa', name, version, text: `${name.text}/cryptoKeyVersions/${version}` };
}

/** Reads the name of a version of an RSA key, where nothing else will do. Throws `invalid-argument`. */
export function readRsaKey(text: unknown, argument: string): RsaKey {
  const key = typeof text === 'string' && parseName(text) !== undefined ? readKey(text, argument) : undefined;
  if (key?.kind === 'rsa') return key;
  throw invalidArgument(argument, 'pass the name of the version whose public key this is: projects/…/cryptoKeys/…/cryptoKeyVersions/1.');
}
