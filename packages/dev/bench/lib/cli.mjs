import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './keyfold.mjs';

/** The words that run the built `keyfold` command. @param {string[]} nodeOptions */
export function keyfoldCommand(nodeOptions = []) {
  if (!existsSync(command)) throw new Error('The command is not built: run `npm run bench`, which builds it.');
  return [process.execPath, ...nodeOptions, command];
}

/** Makes a key file in a folder, and returns the options that name it, and nothing else from around here. @param {string} folder */
export async function makeKeyOptions(folder) {
  const path = join(folder, 'bench.key');
  await writeFile(path, randomBytes(32), { mode: 0o600 });
  return ['--no-config', '--quiet', '--key', `local-raw:${path}#bench`];
}
