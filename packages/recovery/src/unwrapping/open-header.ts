import { rewrap } from '@keyfold/core';
import type { ContextInput, Keyring, Limits } from '@keyfold/core';
import type { Kek } from '@keyfold/core/keyring';

/** How a header is opened. */
export interface OpenHeaderOptions {
  readonly keyring: Keyring;
  readonly context: ContextInput | 'unchecked';
  readonly limits?: Partial<Limits>;
  readonly signal: AbortSignal;
}

/**
 * Really opens a header: the data key is unwrapped and the header's MAC verified under it. It is a rewrap that changes
 * nothing, which needs no payload. Returns the KEK, or the quorum, that opened it. Throws as `rewrap`.
 */
export async function openHeader(header: Uint8Array, options: OpenHeaderOptions): Promise<Kek> {
  const { changes } = await rewrap(header, options);
  const opener = changes.find(({ proven }) => proven);
  if (opener === undefined) throw new Error('The rewrap names no wrapped key that opened the header.');
  return opener.key;
}
