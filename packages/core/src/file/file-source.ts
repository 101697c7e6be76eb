import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { abortable } from '../cancellation/abortable.js';
import { invalidArgument } from '../errors/throw.js';
import { currentHeader } from './current-header.js';
import { fileOperation } from './file-error.js';
import { readPieces } from './read-pieces.js';

/** A file by its path or `file:` URL, or bytes from anywhere, such as `process.stdin`. */
export type FileSource = string | URL | AsyncIterable<Uint8Array>;

/** An open source: its bytes, and how many they are where that is known. */
export interface OpenSource {
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly length: number | undefined;
  close(): Promise<void>;
}

/**
 * Opens what is to be encrypted, or an envelope, whose header is the one of this moment, whatever a rewrap does meanwhile.
 *
 * Throws `invalid-argument`, `file-failed`.
 */
export async function openSource(
  source: FileSource,
  holds: 'plaintext' | 'envelope',
  signal: AbortSignal,
): Promise<OpenSource> {
  if (isAsyncIterable(source)) {
    return { pieces: source, length: undefined, close: async () => { await Promise.resolve(); } };
  }
  const path = pathOf(source, 'source');
  // To open a pipe is to wait for its writer.
  const handle = await abortable(fileOperation('open', path, open(path, 'r')), signal, closeUnawaited);
  try {
    const stats = await fileOperation('look at', path, handle.stat());
    if (stats.isDirectory()) throw invalidArgument('source', `${path} is a folder; pack it first, e.g. with tar.`);
    if (!stats.isFile()) return unseekable(handle, path);
    // Files of /proc say 0 whatever they hold.
    const length = stats.size > 0 ? stats.size : undefined;
    const header = holds === 'envelope' ? await currentHeader(path, handle) : undefined;
    return { pieces: readPieces(handle, path, 0, header), length, close: async () => { await handle.close(); } };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A pipe or a device. Its writer may never answer a read that is under way: nobody waits for that in the end. */
function unseekable(handle: FileHandle, path: string): OpenSource {
  const close = async (): Promise<void> => {
    closeUnawaited(handle);
    await Promise.resolve();
  };
  return { pieces: readPieces(handle, path, null), length: undefined, close };
}

function closeUnawaited(handle: FileHandle): void {
  handle.close().catch(() => undefined);
}

function isAsyncIterable(source: unknown): source is AsyncIterable<Uint8Array> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
}

/** A path from a path or a `file:` URL. Throws `invalid-argument`. */
export function pathOf(path: unknown, argument: string): string {
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  if (typeof path === 'string' && path !== '') return path;
  throw invalidArgument(argument, 'pass the path of a file, or a file: URL.');
}
