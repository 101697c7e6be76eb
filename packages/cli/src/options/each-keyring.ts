import type { LoadedConfig } from '../config/config.js';

/** Keys as `-k` takes them, and the configuration in which their names are to be looked up. */
export interface SingleKeys {
  readonly keys: readonly string[];
  readonly loaded: LoadedConfig | undefined;
}

/**
 * The single keys behind `-k`: a name of the configuration that stands for any of several keyrings becomes each of them, so
 * that one which is out of reach does not hold up the others. Those without a name of their own get one. A name that leads
 * in a circle is left to whoever looks it up.
 */
export function singleKeys(keys: readonly string[], loaded: LoadedConfig | undefined): SingleKeys {
  if (loaded === undefined) return { keys, loaded };
  const keyrings: Record<string, unknown> = { ...loaded.config.keyrings };
  const expand = (name: string, within: readonly string[]): readonly string[] => {
    const entry = Object.hasOwn(keyrings, name) && !within.includes(name) ? keyrings[name] : undefined;
    if (typeof entry === 'string') return entry.includes(':') ? [name] : expand(entry, [...within, name]);
    if (!isAnyOf(entry)) return [name];
    return entry.anyOf.flatMap((member: unknown, i) => {
      const placed = `${name}.anyOf[${i}]`;
      keyrings[placed] = isPlaced(member) ? member.keyring : member;
      return expand(placed, [...within, name]);
    });
  };
  const names = keys.flatMap((key) => (key.includes(':') ? [key] : expand(key, [])));
  return { keys: [...new Set(names)], loaded: { ...loaded, config: { ...loaded.config, keyrings: keyrings as NonNullable<LoadedConfig['config']['keyrings']> } } };
}

function isAnyOf(entry: unknown): entry is { readonly anyOf: readonly unknown[] } {
  return typeof entry === 'object' && entry !== null && 'anyOf' in entry && Array.isArray(entry.anyOf);
}

/** A member of which more is said than which keyring it is. */
function isPlaced(member: unknown): member is { readonly keyring: unknown } {
  return typeof member === 'object' && member !== null && 'keyring' in member;
}
