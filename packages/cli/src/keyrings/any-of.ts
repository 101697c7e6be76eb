import { multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';

/** Several keyrings as one, whose errors then tell of each; a single one stays what it is. */
export function anyOf(members: readonly Keyring[]): Keyring {
  const [only] = members;
  return only !== undefined && members.length === 1 ? only : multiKeyring({ members });
}
