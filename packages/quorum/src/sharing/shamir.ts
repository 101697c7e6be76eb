import { combine, split } from 'shamir-secret-sharing';

/** Data keys and shares are 32 bytes. */
export const KEY_LENGTH = 32;

/** One point of the polynomials: where, and their 32 values there. */
export interface Share {
  /** 1 to 255. */
  readonly index: number;
  /** 32 bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A data key in `count` shares, any `threshold` of which give it back, in ascending order of their indices (specification,
 * "Quorums"). Coefficients are from the platform's CSPRNG, and so are the indices. Whoever gets the shares wipes them.
 *
 * The package puts the index behind the share, and picks the indices at random; the format has it in front, ascending.
 */
export async function splitKey(dataKey: Uint8Array, count: number, threshold: number): Promise<Share[]> {
  // It takes no subclass of Uint8Array, such as Buffer.
  const copy = new Uint8Array(dataKey);
  try {
    const points = await split(copy, count, threshold);
    const shares = points.map((point) => ({ index: point[KEY_LENGTH] ?? 0, bytes: new Uint8Array(point.subarray(0, KEY_LENGTH)) }));
    for (const point of points) point.fill(0);
    return shares.sort((a, b) => a.index - b.index);
  } finally {
    copy.fill(0);
  }
}

/** The key that these shares, whose indices all differ, lie on one polynomial with: 32 bytes, the caller's to wipe. */
export async function combineShares(shares: readonly Share[]): Promise<Uint8Array> {
  const points = shares.map(({ index, bytes }) => {
    const point = new Uint8Array(KEY_LENGTH + 1);
    point.set(bytes);
    point[KEY_LENGTH] = index;
    return point;
  });
  try {
    return await combine(points);
  } finally {
    for (const point of points) point.fill(0);
  }
}
