import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { usageError } from '../errors/usage-error.js';

const EXTENSION = '.keyfold';

/** Where `encrypt` writes: as asked for; else the input's name with `.keyfold`. `undefined` is stdout, as for data from a pipe. */
export function encryptOutput(option: string | undefined, inputFile: string | undefined): string | undefined {
  if (option !== undefined) return option === '-' ? undefined : option;
  return inputFile === undefined ? undefined : inputFile + EXTENSION;
}

/** Where `decrypt` writes: as asked for; else the input's name without `.keyfold`. `undefined` is stdout, as for data from a pipe. */
export function decryptOutput(option: string | undefined, inputFile: string | undefined): string | undefined {
  if (option !== undefined) return option === '-' ? undefined : option;
  if (inputFile === undefined) return undefined;
  const name = basename(inputFile);
  if (name.endsWith(EXTENSION) && name !== EXTENSION) return inputFile.slice(0, -EXTENSION.length);
  throw usageError('--output', `${inputFile} does not end in ${EXTENSION}, so say where the plaintext goes: -o <file>, or -o - for stdout.`);
}

/** Whether two paths name one file, as far as that can be told before both exist. */
export function isSamePath(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    try {
      return join(realpathSync(dirname(absolute)), basename(absolute));
    } catch {
      return absolute;
    }
  }
}
