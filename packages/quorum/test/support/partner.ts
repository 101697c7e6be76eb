import { createHash } from 'node:crypto';
import type { Keyring } from '@keyfold/core';
import { rawAesKeyring } from '@keyfold/local-raw';

/** A keyring that goes with a name: the same one each time, as two processes that share a configuration would have it. */
export function partnerOf(name: string): Keyring {
  return rawAesKeyring({ name: `partner-of-${name}`, key: createHash('sha256').update(`partner of ${name}`).digest() });
}
