import { readFile, stat } from 'node:fs/promises';
import { usageError } from '../errors/usage-error.js';
import { parseKeyFile } from '../keyrings/key-file.js';
import type { KeyPattern } from './key-pattern.js';

const LOCAL = 'local-raw:';
/** Bytes. No key file is as long: what is, need not be read to know that it is none. */
const MAX_KEY_FILE = 65_536;

/**
 * Refuses a key that no envelope has and that is the name of a key file: `-k` names a local key by its file, envelopes by
 * its name. Else the answer would be that nothing needs the key, and its file would be destroyed.
 *
 * @throws `invalid-argument`, with the name
 */
export async function assertNoKeyFile(option: string, { text }: KeyPattern): Promise<void> {
  if (!text.startsWith(LOCAL)) return;
  const file = text.slice(LOCAL.length).replace(/#[^#]*$/, '');
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile() !== true || stats.size > MAX_KEY_FILE) return;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return;
  try {
    const keyFile = parseKeyFile(bytes);
    if (keyFile === undefined || keyFile.name === text.slice(LOCAL.length)) return;
    const name = keyFile.name === undefined ? 'as "keyfold keys" shows it' : `here ${LOCAL}${keyFile.name}`;
    throw usageError(option, `${file} is the file of a key, and envelopes know a key by its name: say that, ${name}.`);
  } finally {
    bytes.fill(0);
  }
}
