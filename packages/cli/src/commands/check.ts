import { isKeyfoldError } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import type { KeyCheck } from '@keyfold/core/keyring';
import { loadConfig } from '../config/load-config.js';
import type { LoadedConfig } from '../config/config.js';
import { CONFIG_NAME } from '../config/find-config.js';
import { cliMessage } from '../errors/cli-message.js';
import { EXIT } from '../errors/exit.js';
import { interruptible } from '../errors/interruptible.js';
import { usageError } from '../errors/usage-error.js';
import { chooseKeyring } from '../keyrings/choose-keyring.js';
import { colorsFor } from '../terminal/colors.js';
import { describeChecks } from '../terminal/describe-checks.js';
import type { Outcome, ReportOptions } from './outcome.js';

export interface CheckCommandOptions extends ReportOptions {
  readonly key?: readonly string[];
  readonly config?: string | false;
}

/** What was found out about one key. */
export interface CheckedKey extends Omit<KeyCheck, 'problem'> {
  /** What `-k` said, or the name in the configuration. */
  readonly keyring: string;
  readonly problem?: { readonly reason: string; readonly remedy: string };
}

/** `keyfold check`: each key that was given, or each keyring of the configuration. */
export async function checkCommand(options: CheckCommandOptions, signal: AbortSignal): Promise<Outcome> {
  const config = await loadConfig(options.config);
  const names = options.key ?? Object.keys(config?.config.keyrings ?? {});
  if (names.length === 0) {
    throw usageError('--key', `say which key to check with -k, or name keyrings in ${CONFIG_NAME}.`);
  }
  const rows = await interruptible(signal, 'before all keys were checked.', async () => {
    return await Promise.all(names.map(async (name) => await checkKeyring(name, config, signal)));
  });
  const keys = withoutRepetition(rows.flat());
  const ok = keys.every(({ problem, reachable, state }) => problem === undefined && reachable && state === 'enabled');
  return {
    json: { command: 'check', ok, keys },
    answer: describeChecks(keys, colorsFor(process.stdout)),
    exitCode: ok ? EXIT.ok : EXIT.no,
  };
}

/** Never fails because of a key: one that cannot even be read is a row too. Throws `aborted`. */
async function checkKeyring(name: string, config: LoadedConfig | undefined, signal: AbortSignal): Promise<CheckedKey[]> {
  let keyring: Keyring;
  try {
    keyring = await chooseKeyring('decrypt', [name], config);
  } catch (error) {
    if (!isKeyfoldError(error)) throw error;
    const at = name.indexOf(':');
    const nobody = { provider: name.slice(0, Math.max(at, 0)), keyId: name.slice(at + 1), keyVersion: '' };
    return [{ keyring: name, ...nobody, ...UNKNOWN, reachable: false, problem: { reason: 'misconfigured', remedy: cliMessage(error) } }];
  }
  const checks = await keyring.check?.({ signal });
  signal.throwIfAborted();
  if (checks !== undefined) return checks.map((check) => ({ keyring: name, ...check }));
  return keyring.keks.map((kek) => ({ keyring: name, ...kek, keyVersion: '', ...UNKNOWN, reachable: true }));
}

const UNKNOWN = { state: 'unknown', permitted: { wrap: 'unknown', unwrap: 'unknown', generate: 'unknown' } } as const;

/** Keyrings that are made of others say nothing new of their keys. */
function withoutRepetition(keys: readonly CheckedKey[]): CheckedKey[] {
  const textOf = ({ keyring: _keyring, ...rest }: CheckedKey): string => JSON.stringify(rest);
  const seen = new Map<string, CheckedKey>();
  for (const key of keys) if (!seen.has(textOf(key))) seen.set(textOf(key), key);
  return [...seen.values()];
}
