import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { at, folder, keyfold } from './keyfold.js';

/** Writes a file of random bytes into the test's folder, and returns them. */
export function randomFile(name: string, length: number): Buffer {
  const bytes = randomBytes(length);
  writeFileSync(at(name), bytes);
  return bytes;
}

/** Makes an AES key file, and returns what `-k` takes. */
export async function makeKey(name: string, file = `${name}.key`): Promise<string> {
  const { code, stderr } = await keyfold(['keygen', '--name', name, '-o', file, '--quiet']);
  if (code !== 0) throw new Error(stderr);
  return `local-raw:${file}`;
}

/** The same, without a run of the command: 32 bytes are a key file too. */
export function rawKey(name: string): string {
  randomFile(`${name}.key`, 32);
  return `local-raw:${name}.key#${name}`;
}

export function read(name: string): Buffer {
  return readFileSync(at(name));
}

/** The names in the test's folder, hidden ones too. */
export function names(): string[] {
  return readdirSync(folder()).sort();
}

/** Buffers compare fast by their digests, and a failure does not print a megabyte. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
