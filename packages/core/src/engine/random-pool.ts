import { randomFillSync } from 'node:crypto';

const POOL_LENGTH = 4096;
/** Milliseconds after which what is left of a pool is thrown away. */
const MAX_AGE = 1000;

const pool = new Uint8Array(POOL_LENGTH);
let used = POOL_LENGTH;
let filledAt = 0;

/**
 * Bytes from OpenSSL's CSPRNG, fetched 4 KiB at a time: one call costs as much for 4 KiB as for 16 bytes, and an envelope
 * needs three. No byte is handed out twice, and none stays behind in the pool.
 *
 * A pool is good for a second. A virtual machine that is resumed twice from one snapshot would otherwise hand out the
 * same bytes twice; its clock has moved on by then.
 */
export function randomBytesFromPool(length: number): Uint8Array<ArrayBuffer> {
  if (length > POOL_LENGTH / 4) return randomFillSync(new Uint8Array(length));
  const now = Date.now();
  if (used + length > POOL_LENGTH || now - filledAt > MAX_AGE || now < filledAt) {
    randomFillSync(pool);
    used = 0;
    filledAt = now;
  }
  const start = used;
  used += length;
  const bytes = pool.slice(start, used);
  pool.fill(0, start, used);
  return bytes;
}
