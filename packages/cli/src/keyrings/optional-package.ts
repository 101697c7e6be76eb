import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemCodeOf } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';

/**
 * Loads a keyring's package, which the command can do without, and says what to install where it or its SDK is missing.
 *
 * It is looked for where the command itself is installed, globally or in a project, and nowhere else: what lies in the
 * working folder may be anybody's.
 *
 * @param load - imports it
 * @param packages - what has to be installed for it: itself, and what it looks for when it is used
 * @param argument - where the key that needs it was named
 * @throws `invalid-argument`
 */
export async function loadOptional<T>(load: () => Promise<T>, packages: readonly [string, ...string[]], argument: string): Promise<T> {
  const [keyring, ...others] = packages;
  try {
    const loaded = await load();
    // Some keyrings load their SDK with the first request, which is too late to say what to install.
    const beside = createRequire(import.meta.resolve(keyring));
    for (const name of others) beside.resolve(name);
    return loaded;
  } catch (error) {
    const isMissing = NOT_FOUND.has(systemCodeOf(error) ?? '') && packages.some((name) => (error as Error).message.includes(`'${name}'`));
    if (!isMissing) throw error;
    const install = `npm install ${isGlobal() ? '--global ' : ''}${packages.join(' ')}`;
    throw usageError(argument, `this key needs packages that are not installed; install them with: ${install}`);
  }
}

const NOT_FOUND: ReadonlySet<string> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/** Whether the command was installed for the whole machine, rather than in a project that the working folder is in. */
function isGlobal(): boolean {
  const here = dirname(fileURLToPath(import.meta.url));
  const modules = here.lastIndexOf(`${sep}node_modules${sep}`);
  // In a workspace, as when it is developed, there is nothing global.
  if (modules === -1) return false;
  const project = here.slice(0, here.indexOf(`${sep}node_modules${sep}`));
  return !`${process.cwd()}${sep}`.startsWith(`${project}${sep}`);
}
