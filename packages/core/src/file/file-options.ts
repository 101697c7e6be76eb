import { invalidArgument } from '../errors/throw.js';
import type { OnProgress } from './progress.js';

/** What every operation that writes files takes. */
export interface FileOptions {
  /** Replace existing files. Default `false`: they make the call throw `file-exists`. */
  readonly overwrite?: boolean;
  /** Called now and then with how far it is. */
  readonly onProgress?: OnProgress;
}

/** Whether existing files may be replaced. Throws `invalid-argument` for options of the wrong type. */
export function resolveFileOptions(options: FileOptions): { readonly overwrite: boolean } {
  const { overwrite = false, onProgress } = options;
  // A string such as 'false' would replace what it was meant to protect.
  if (typeof overwrite !== 'boolean') throw invalidArgument('options.overwrite', 'pass true or false.');
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidArgument('options.onProgress', 'pass a function.');
  }
  return { overwrite };
}
