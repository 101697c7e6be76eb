import { KeyfoldError } from '../errors/keyfold-error.js';

/** The result of a file operation; what the file system throws becomes `file-failed`. */
export async function fileOperation<T>(operation: string, path: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Could not ${operation} ${path}: ${reason}. Check that the path exists, its permissions, and the space left.`;
    throw new KeyfoldError('file-failed', message, { path, operation }, cause);
  }
}

/** `file-exists`: refused before anything was written. */
export function fileExists(path: string): KeyfoldError<'file-exists'> {
  const message = `${path} exists and was left as it is. Choose another name, or pass overwrite: true to replace it.`;
  return new KeyfoldError('file-exists', message, { path });
}

/** The system's code of an error, such as `ENOENT`. */
export function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null | undefined)?.code;
}
