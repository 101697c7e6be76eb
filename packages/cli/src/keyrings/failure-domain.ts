import type { Keyring } from '@keyfold/core';
import { domainsOf } from '@keyfold/recovery/domains';
import type { FailureDomain, PlacedKeyring } from './provider.js';

/** A keyring, and what its key's name tells that it fails together with: the same that `keyfold drill` reads in headers. */
export function placed(keyring: Keyring): PlacedKeyring {
  return { keyring, domain: inCommon(keyring.keks.map((kek) => domainsOf(kek))) };
}

/** What fails together with a keyring that is made of others: only that which all of them have in common. */
export function sharedDomain(members: readonly PlacedKeyring[]): FailureDomain {
  return inCommon(members.map(({ domain }) => domain));
}

function inCommon([first, ...others]: readonly FailureDomain[]): FailureDomain {
  const pairs = Object.entries(first ?? {});
  return Object.fromEntries(pairs.filter(([kind, value]) => others.every((domain) => domain[kind] === value)));
}
