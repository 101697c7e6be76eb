import { fileURLToPath } from 'node:url';
import { dirname, sep } from 'node:path';
import { systemCodeOf } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';

/**
 * Loads a package that the command can do without, and says what to install where it is missing.
 *
 * It is looked for where the command itself is installed, globally or in a project, and nowhere else: what lies in the
 * working folder may be anybody's.
 *
 * @param load - imports it
 * @param packages - what has to be installed for it, itself first
 * @param argument - where the key that needs it was named
 * @throws `invalid-argument`
 */
export async function loadOptional<T>(load: () => Promise<T>, packages: readonly string[], argument: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const isMissing = systemCodeOf(error) === 'ERR_MODULE_NOT_FOUND' && packages.some((name) => (error as Error).message.includes(`'${name}'`));
    if (!isMissing) throw error;
    throw usageError(argument, `this needs packages that are not installed. Install them with: npm install ${isGlobal() ? '--global ' : ''}${packages.join(' ')}`);
  }
}

/** Whether the command was installed for the whole machine, rather than in a project that the working folder is in. */
function isGlobal(): boolean {
  const here = dirname(fileURLToPath(import.meta.url));
  const modules = here.lastIndexOf(`${sep}node_modules${sep}`);
  // In a workspace, as when it is developed, there is nothing global.
  if (modules === -1) return false;
  const project = here.slice(0, here.indexOf(`${sep}node_modules${sep}`));
  return !`${process.cwd()}${sep}`.startsWith(`${project}${sep}`);
}
