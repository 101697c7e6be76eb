import type { LoadedConfig } from '../config/config.js';
import { usageError } from '../errors/usage-error.js';
import { readPairs } from './context-pairs.js';

/** What the command line says about the encryption context. */
export interface ContextOptions {
  readonly context?: readonly string[];
  readonly externalContext?: readonly string[];
  /** Of `decrypt` only. */
  readonly anyContext?: boolean;
}

type Pairs = ReadonlyMap<string, string>;

/** The context of a new envelope: the configuration's, overridden by the command line's. */
export function contextToWrite(
  options: ContextOptions,
  loaded: LoadedConfig | undefined,
): { readonly context: Pairs; readonly externalContext: Pairs } {
  const { given, external } = readOptions(options);
  const context = new Map([...configuredContext(loaded), ...given]);
  for (const key of external.keys()) context.delete(key);
  return { context, externalContext: external };
}

/**
 * The context to expect of an envelope, external values included; `unchecked` when any will do. With `--any-context`,
 * values of external keys are still needed, and nothing else is expected.
 */
export function contextToExpect(options: ContextOptions, loaded: LoadedConfig | undefined): Pairs | 'unchecked' {
  const { given, external } = readOptions(options);
  if (options.anyContext !== true) return new Map([...configuredContext(loaded), ...given, ...external]);
  if (given.size > 0) {
    throw usageError('--any-context', 'this contradicts --context; leave out one of the two.');
  }
  return external.size > 0 ? external : 'unchecked';
}

function readOptions(options: ContextOptions): { readonly given: Pairs; readonly external: Pairs } {
  const given = readPairs('--context', options.context ?? []);
  const external = readPairs('--external-context', options.externalContext ?? []);
  for (const key of external.keys()) {
    if (!given.has(key)) continue;
    throw usageError('--external-context', `the key ${JSON.stringify(key)} is in --context too; a key is stored or external.`);
  }
  return { given, external };
}

function configuredContext(loaded: LoadedConfig | undefined): Pairs {
  return new Map(Object.entries(loaded?.config.context ?? {}));
}
