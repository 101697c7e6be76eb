import type { Keyring } from '@keyfold/core';
import type { AnyOfEntry, KeyringEntry, LoadedConfig, MemberEntry, ProviderEntry, QuorumEntry } from '../config/config.js';
import { formatPath } from '../config/json-path.js';
import { usageError } from '../errors/usage-error.js';
import { traced } from '../trace/key-trace.js';
import { anyOfMembers } from './any-of.js';
import type { AnyOfMember } from './any-of.js';
import type { PlacedKeyring } from './provider.js';
import { loadProvider } from './providers.js';
import { quorumOf } from './quorum.js';
import { isSpec, keyringOfSpec } from './spec.js';

/**
 * The keyring that a configuration has under a name.
 *
 * @param argument - where the name stands, for errors
 * @throws `invalid-argument`, `file-failed`
 */
export async function configuredKeyring(name: string, argument: string, loaded: LoadedConfig): Promise<Keyring> {
  const { keyring } = await keyringNamed(name, argument, { loaded, within: [] });
  return keyring;
}

interface Resolving {
  readonly loaded: LoadedConfig;
  /** The names that lead here: one that comes again would never end. */
  readonly within: readonly string[];
}

async function keyringNamed(name: string, argument: string, { loaded, within }: Resolving): Promise<PlacedKeyring> {
  const keyrings = loaded.config.keyrings ?? {};
  const entry = Object.hasOwn(keyrings, name) ? keyrings[name] : undefined;
  if (entry === undefined) throw usageError(argument, noSuchKeyring(name, loaded));
  if (within.includes(name)) throw usageError(argument, `${JSON.stringify(name)} is made of itself: ${[...within, name].join(' -> ')}.`);
  return await keyringOf(entry, ['keyrings', name], { loaded, within: [...within, name] });
}

async function keyringOf(entry: KeyringEntry, path: readonly string[], resolving: Resolving): Promise<PlacedKeyring> {
  const { file, folder } = resolving.loaded;
  const origin = { argument: `${file}: ${formatPath(path)}`, folder };
  if (typeof entry === 'string') {
    return isSpec(entry) ? await keyringOfSpec(entry, origin) : await keyringNamed(entry, origin.argument, resolving);
  }
  if (isAnyOf(entry)) {
    const { anyOf, ...settings } = entry;
    const members: AnyOfMember[] = [];
    for (const [i, member] of anyOf.entries()) members.push(await memberOf(member, [...path, 'anyOf', String(i)], resolving));
    return anyOfMembers(members, settings, origin);
  }
  if (isQuorum(entry)) {
    const shares: PlacedKeyring[] = [];
    for (const [i, share] of entry.shares.entries()) shares.push(await keyringOf(share, [...path, 'shares', String(i)], resolving));
    return await quorumOf(entry, shares, origin);
  }
  const provider = await loadProvider(entry.provider, origin.argument);
  return traced(await provider.fromSettings(entry, origin));
}

async function memberOf(entry: AnyOfEntry['anyOf'][number], path: readonly string[], resolving: Resolving): Promise<AnyOfMember> {
  const isMember = typeof entry !== 'string' && isMemberEntry(entry);
  const { keyring: inner, domain: given = {}, required = false } = isMember ? entry : { keyring: entry };
  const { keyring, domain } = await keyringOf(inner, isMember ? [...path, 'keyring'] : path, resolving);
  return { keyring, domain: { ...domain, ...given }, required, argument: `${resolving.loaded.file}: ${formatPath(path)}` };
}

function isAnyOf(entry: Exclude<KeyringEntry, string>): entry is AnyOfEntry {
  return 'anyOf' in entry;
}

function isQuorum(entry: ProviderEntry | QuorumEntry): entry is QuorumEntry {
  return 'quorum' in entry;
}

function isMemberEntry(entry: Exclude<AnyOfEntry['anyOf'][number], string>): entry is MemberEntry {
  return 'keyring' in entry;
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
