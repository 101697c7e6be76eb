import type { Keyring } from '@keyfold/core';
import type { LoadedConfig } from '../config/config.js';
import { CONFIG_NAME } from '../config/find-config.js';
import { usageError } from '../errors/usage-error.js';
import { anyOf } from './any-of.js';
import { configuredKeyring, noSuchKeyring } from './configured-keyrings.js';
import { keySyntaxes } from './providers.js';
import { isSpec, keyringOfSpec } from './spec.js';

/**
 * The keyring that a command works with: what `-k` names, each a key or the name of a keyring in the configuration; else
 * the configuration's default.
 *
 * @param option - how errors call the option that `keys` come from
 * @throws `invalid-argument`, `file-failed`
 */
export async function chooseKeyring(
  command: 'encrypt' | 'decrypt',
  keys: readonly string[],
  loaded: LoadedConfig | undefined,
  option = '--key',
): Promise<Keyring> {
  const chosen = keys.length > 0 ? keys.map((key) => ({ key, argument: option })) : defaultKey(command, loaded);
  const members: Keyring[] = [];
  for (const { key, argument } of chosen) {
    if (isSpec(key)) members.push((await keyringOfSpec(key, { argument, folder: process.cwd() })).keyring);
    else if (loaded === undefined) throw usageError(argument, noSuchKeyring(key, loaded));
    else members.push(await configuredKeyring(key, argument, loaded));
  }
  const keyring = anyOf(members);
  if (command === 'encrypt') assertDistinct(keyring, option);
  return keyring;
}

/** Refuses one key twice, and one name for two keys: an envelope could not tell them apart. */
function assertDistinct({ keks }: Keyring, option: string): void {
  const twice = keks.find(({ provider, keyId }, i) => keks.findIndex((kek) => kek.provider === provider && kek.keyId === keyId) < i);
  if (twice === undefined) return;
  throw usageError(option, `${twice.provider} ${twice.keyId} is there twice; give each key once, and every key a name of its own.`);
}

function defaultKey(
  command: 'encrypt' | 'decrypt',
  loaded: LoadedConfig | undefined,
): readonly { readonly key: string; readonly argument: string }[] {
  const setting = loaded?.config.defaultKeyring;
  const key = typeof setting === 'string' ? setting : setting?.[command];
  if (loaded !== undefined && key !== undefined) return [{ key, argument: `${loaded.file}: defaultKeyring` }];
  throw usageError(
    '--key',
    `say which key to use: -k ${keySyntaxes().join(' or -k ')}, or set defaultKeyring in ${CONFIG_NAME}. ` +
      '"keyfold keygen" makes a key.',
  );
}
