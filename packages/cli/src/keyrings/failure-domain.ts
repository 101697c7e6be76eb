import type { FailureDomain, PlacedKeyring } from './provider.js';

/** What fails together with a keyring that is made of others: only that which all of them have in common. */
export function sharedDomain(members: readonly PlacedKeyring[]): FailureDomain {
  const [first, ...others] = members;
  const pairs = Object.entries(first?.domain ?? {});
  return Object.fromEntries(pairs.filter(([kind, value]) => others.every(({ domain }) => domain[kind] === value)));
}
