import { decrypt, decryptStream } from '../../src/index.js';
import type { DecryptOptions } from '../../src/index.js';
import { cut } from './bytes.js';
import { collectUntilFailure, streamOf } from './streams.js';

/** What came out of an opening, however it was done. */
export interface Opened {
  /** The plaintext that was released. */
  readonly bytes: Uint8Array;
  /** What it failed with; `undefined` if it did not. */
  readonly error: unknown;
}

export type Open = (envelope: Uint8Array, options: DecryptOptions) => Promise<Opened>;

async function whole(envelope: Uint8Array, options: DecryptOptions): Promise<Opened> {
  try {
    return { bytes: await decrypt(envelope, options), error: undefined };
  } catch (error) {
    return { bytes: new Uint8Array(0), error };
  }
}

function streamed(size: number): Open {
  return async (envelope, options) =>
    await collectUntilFailure(streamOf(...cut(envelope, size)).pipeThrough(decryptStream(options)));
}

/** Every way of opening the same bytes, which must all agree. */
export const OPENINGS: readonly [readonly [string, Open], ...(readonly [string, Open])[]] = [
  ['whole', whole],
  ['streamed in one piece', streamed(Number.MAX_SAFE_INTEGER)],
  ['streamed in pieces of 997 bytes', streamed(997)],
];

/** The slow one. */
export const BYTE_BY_BYTE: Open = streamed(1);
