import { multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import type { AnyOfSettings } from '../config/config.js';
import { usageError } from '../errors/usage-error.js';
import { sharedDomain } from './failure-domain.js';
import { fromOptions, given } from './from-options.js';
import type { Origin, PlacedKeyring } from './provider.js';

/** Several keyrings as one, whose errors then tell of each; a single one stays what it is. */
export function anyOf(members: readonly Keyring[]): Keyring {
  const [only] = members;
  return only !== undefined && members.length === 1 ? only : multiKeyring({ members });
}

/** One of the keyrings of an `anyOf` entry. */
export interface AnyOfMember extends PlacedKeyring {
  readonly required: boolean;
  /** Where it stands in the configuration, for errors. */
  readonly argument: string;
}

/** The keyring of an `anyOf` entry. Throws `invalid-argument`. */
export function anyOfMembers(members: readonly AnyOfMember[], settings: AnyOfSettings, origin: Origin): PlacedKeyring {
  for (const kind of settings.write?.distinctDomains ?? []) {
    for (const member of members) assertDomain(member, kind);
  }
  const [only] = members;
  const isPlain = Object.keys(settings).length === 0;
  if (only !== undefined && members.length === 1 && isPlain) return only;
  return { keyring: fromOptions(() => multiKeyring({ members, ...given(settings) }), origin), domain: sharedDomain(members) };
}

/** The core refuses it too; here it is known where the member stands, and what could be found out of it. */
function assertDomain({ keyring, domain, argument }: AnyOfMember, kind: string): void {
  if (Object.hasOwn(domain, kind)) return;
  const known = Object.entries(domain).map(([name, value]) => `${name} ${value}`);
  throw usageError(
    argument,
    `write.distinctDomains asks for the ${kind} of each member, which ${keyring.name} does not tell ` +
      `(${known.length === 0 ? 'its members have nothing in common' : `only ${known.join(', ')}`}). ` +
      `Say it: { "keyring": …, "domain": { ${JSON.stringify(kind)}: "…" } }.`,
  );
}
