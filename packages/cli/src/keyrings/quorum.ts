import type { QuorumEntry } from '../config/config.js';
import { sharedDomain } from './failure-domain.js';
import { fromOptions, given } from './from-options.js';
import type { Origin, PlacedKeyring } from './provider.js';

/** The keyring of a `quorum` entry, of which each of `shares` is one. Throws `invalid-argument`. */
export async function quorumOf({ quorum: name, threshold, deadline }: QuorumEntry, shares: readonly PlacedKeyring[], origin: Origin): Promise<PlacedKeyring> {
  const { quorumKeyring } = await import('@keyfold/quorum');
  const options = { name, threshold, shares: shares.map(({ keyring }) => keyring), ...given({ deadline }) };
  return { keyring: fromOptions(() => quorumKeyring(options), origin), domain: sharedDomain(shares) };
}
