import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { ok } from './narrator.mjs';

/**
 * @param {Buffer} expected
 * @param {string} file
 */
export async function sameAs(expected, file) {
  if (!expected.equals(await readFile(file))) throw new Error(`${file} differs from what was encrypted.`);
  ok('the same bytes as before');
}

/**
 * Flips a bit somewhere in the payload.
 *
 * @param {string} source
 * @param {string} target
 */
export async function flipOneBit(source, target) {
  const bytes = await readFile(source);
  const position = bytes.length - 1 - randomInt(2_000);
  bytes[position] = (bytes[position] ?? 0) ^ (1 << randomInt(8));
  await writeFile(target, bytes);
  return position;
}
