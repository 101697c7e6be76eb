import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileOperation } from './file-error.js';

/**
 * The file that a path names: a link is followed, so that the file is replaced and not the link. Two paths of one file,
 * also of one that does not exist yet, give the same. Throws `file-failed` for a link that leads to a name which is no text.
 */
export async function resolveTarget(path: string): Promise<string> {
  const file = await followed(path);
  if (file !== undefined) return file;
  return join((await followed(dirname(path))) ?? dirname(path), basename(path));
}

/** `undefined` for what is not there. */
async function followed(path: string): Promise<string | undefined> {
  const bytes = await realpath(path, { encoding: 'buffer' }).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const text = bytes.toString();
  if (bytes.equals(Buffer.from(text))) return text;
  // As text it would be the name of another file, which does not exist: that would be written instead.
  return await fileOperation('follow', path, Promise.reject(new Error('it leads to a name that is not UTF-8; rename that')));
}
