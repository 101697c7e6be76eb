import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileOperation } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';
import type { LoadedConfig } from './config.js';
import { findConfig } from './find-config.js';

/**
 * The configuration that applies: the file that was named, or the nearest one. `false` for none at all.
 *
 * @throws `invalid-argument`, `file-failed`
 */
export async function loadConfig(option: string | false | undefined): Promise<LoadedConfig | undefined> {
  if (option === false) return undefined;
  const file = option ?? (await findConfig(process.cwd()));
  if (file === undefined) return undefined;
  const text = await fileOperation('read the configuration', file, readFile(file, 'utf8'));
  const value = parse(text, file);
  // Loaded only where there is a configuration: a validator takes as long to start as the rest of the command.
  const { readConfig } = await import('./validate-config.js');
  return { file, folder: dirname(file), config: readConfig(value, file) };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const { message } = error as Error;
    const offset = /position (\d+)/.exec(message)?.[1];
    const before = text.slice(0, Number(offset)).split('\n');
    const place = offset === undefined ? '' : ` in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw usageError(file, `this is not JSON${place}: ${message}`, error);
  }
}
