import { createCipheriv, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { MIB } from './units.mjs';

/** So many bytes that no disk and no link compresses. @param {number} length */
export function randomData(length) {
  const keystream = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16));
  const data = new Uint8Array(length);
  const zeros = new Uint8Array(Math.min(length, 16 * MIB));
  for (let at = 0; at < length; at += zeros.length) {
    data.set(keystream.update(zeros.subarray(0, length - at)), at);
  }
  return data;
}

/** Writes a file of real bytes: 64 MiB of them, again and again. @param {string} path @param {number} length */
export async function writeRandomFile(path, length) {
  const block = randomData(Math.min(length, 64 * MIB));
  const file = await open(path, 'wx');
  try {
    for (let at = 0; at < length; at += block.length) await file.writeFile(block.subarray(0, length - at));
    await file.sync();
  } finally {
    await file.close();
  }
}
