import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';

/** Milliseconds for each command: one downloads and compiles. */
const TIMEOUT = 300_000;

/**
 * Brings an emulator into the cache folder, unless it is there. Returns why it cannot be had, if so.
 *
 * @param {import('./list.mjs').Emulator} emulator
 * @returns {Promise<string | undefined>}
 */
export async function provision({ title, program, provision: commands, provisionEnv = {} }) {
  if (existsSync(program)) return undefined;
  console.log(`Fetching ${title} …`);
  mkdirSync(join(root, '.emu'), { recursive: true });
  for (const [command, ...args] of commands) {
    const { code, output } = await run(command, args, { env: provisionEnv, timeout: TIMEOUT }).catch((/** @type {unknown} */ error) => ({
      code: 1,
      output: String(error),
    }));
    if (code !== 0) return `${command} could not bring it: ${output.trim().split('\n').at(-1) ?? ''}`;
  }
  return existsSync(program) ? undefined : `${program} did not come with it.`;
}
