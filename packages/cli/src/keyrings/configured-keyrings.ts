import type { Keyring } from '@keyfold/core';
import type { KeyringEntry, LoadedConfig } from '../config/config.js';
import { formatPath } from '../config/json-path.js';
import { usageError } from '../errors/usage-error.js';
import { anyOf } from './any-of.js';
import { loadProvider } from './providers.js';
import { isSpec, keyringOfSpec } from './spec.js';

/**
 * The keyring that a configuration has under a name.
 *
 * @param argument - where the name stands, for errors
 * @throws `invalid-argument`, `file-failed`
 */
export async function configuredKeyring(name: string, argument: string, loaded: LoadedConfig): Promise<Keyring> {
  return await keyringNamed(name, argument, { loaded, within: [] });
}

interface Resolving {
  readonly loaded: LoadedConfig;
  /** The names that lead here: one that comes again would never end. */
  readonly within: readonly string[];
}

async function keyringNamed(name: string, argument: string, { loaded, within }: Resolving): Promise<Keyring> {
  const keyrings = loaded.config.keyrings ?? {};
  const entry = Object.hasOwn(keyrings, name) ? keyrings[name] : undefined;
  if (entry === undefined) throw usageError(argument, noSuchKeyring(name, loaded));
  if (within.includes(name)) throw usageError(argument, `${JSON.stringify(name)} is made of itself: ${[...within, name].join(' -> ')}.`);
  return await keyringOf(entry, ['keyrings', name], { loaded, within: [...within, name] });
}

async function keyringOf(entry: KeyringEntry, path: readonly string[], resolving: Resolving): Promise<Keyring> {
  const { file, folder } = resolving.loaded;
  const origin = { argument: `${file}: ${formatPath(path)}`, folder };
  if (typeof entry === 'string') {
    return isSpec(entry) ? await keyringOfSpec(entry, origin) : await keyringNamed(entry, origin.argument, resolving);
  }
  if (isAnyOf(entry)) {
    const members: Keyring[] = [];
    for (const [i, member] of entry.anyOf.entries()) {
      members.push(await keyringOf(member, [...path, 'anyOf', String(i)], resolving));
    }
    return anyOf(members);
  }
  const provider = await loadProvider(entry.provider, origin.argument);
  return await provider.fromSettings(entry, origin);
}

function isAnyOf(entry: Exclude<KeyringEntry, string>): entry is { readonly anyOf: readonly KeyringEntry[] } {
  return 'anyOf' in entry;
}

/** What to say of a name that no configuration has. */
export function noSuchKeyring(name: string, loaded: LoadedConfig | undefined): string {
  const names = Object.keys(loaded?.config.keyrings ?? {});
  const known =
    loaded === undefined
      ? 'there is no configuration that could name a keyring'
      : names.length === 0
        ? `${loaded.file} names no keyrings`
        : `${loaded.file} has ${names.join(', ')}`;
  return `there is no keyring called ${JSON.stringify(name)}: ${known}. For a key file, write local-raw:${name}.`;
}
