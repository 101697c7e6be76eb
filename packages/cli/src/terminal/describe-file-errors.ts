import type { FileError } from '../bulk/file-outcome.js';
import type { Colors } from './colors.js';
import { printable, printableLine } from './printable.js';

/** Files that are named above one error. */
const MAX_NAMES = 5;

/** Files and what is wrong with them, those with the same error together. */
export function describeFileErrors(
  heading: string,
  failures: readonly { readonly path: string; readonly error: FileError }[],
  colors: Colors,
): string {
  const byMessage = new Map<string, string[]>();
  for (const { path, error } of failures) {
    const paths = byMessage.get(error.message) ?? [];
    paths.push(path);
    byMessage.set(error.message, paths);
  }
  const groups = [...byMessage].map(([message, paths]) => {
    const names = paths.slice(0, MAX_NAMES).map((path) => colors.bold(printableLine(path)));
    const rest = (paths.length - names.length).toLocaleString('en-US');
    const more = paths.length > names.length ? [`… and ${rest} more; --json names them all`] : [];
    return [...names, ...more, ...printable(message).split('\n').map((line) => `  ${line}`)].join('\n');
  });
  return [heading, ...groups].join('\n\n');
}
