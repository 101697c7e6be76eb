import { KeyfoldError } from '@keyfold/core';

/** The result of a file operation; what the file system throws becomes `file-failed`. */
export async function fileOperation<T>(operation: string, path: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw fileFailed(operation, path, error);
  }
}

export function fileFailed(operation: string, path: string, cause: unknown): KeyfoldError<'file-failed'> {
  return new KeyfoldError('file-failed', `Could not ${operation} ${path}.`, { path, operation }, cause);
}

/** The name that the system gives to what went wrong, such as `ENOENT`. */
export function systemCodeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
