import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileOperation } from '../errors/file-error.js';
import type { Origin } from './provider.js';

/** The public half of a key in a cloud, as its keyring takes it: PEM or Base64 as text, DER as bytes. Throws `file-failed`. */
export async function readPublicKey(path: string, { folder }: Origin): Promise<string | Uint8Array> {
  const bytes = await fileOperation('read the public key', path, readFile(resolve(folder, path)));
  const text = new TextDecoder().decode(bytes);
  return text.includes('-----BEGIN') || /^[\w+/=\s]+$/.test(text) ? text : bytes;
}
