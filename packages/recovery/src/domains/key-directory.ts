import { invalidArgument } from '@keyfold/core/keyring';
import type { Kek } from '@keyfold/core/keyring';
import { domainsOf, multiRegionIdOf, valuesOf } from './domains.js';
import type { Domains } from './domains.js';

/** A KEK of the headers, there once however many envelopes name it. */
export interface KnownKek extends Kek {
  readonly domains: Domains;
  /** Whether it is a multi-Region key of which no replica was stated. */
  readonly assumedInOneRegion: boolean;
}

/** How failure domains are found, beyond what key ids say. */
export interface DomainOptions {
  /**
   * Regions in which an AWS multi-Region key has replicas, by its `mrk-` id or the ARN that headers name. Headers tell one
   * Region only, and without this the key counts as lost with that one.
   */
  readonly replicas?: Readonly<Record<string, readonly string[]>>;
  /**
   * The failure domains of a KEK, where you know more than its id says; `derived` is what that says, replicas included. What
   * is returned stands in its place, but for the provider; `undefined` keeps it.
   */
  readonly domainOf?: (kek: Kek, derived: Domains) => Domains | undefined;
}

/** The KEKs that headers name, and their failure domains. */
export class KeyDirectory {
  readonly #keks = new Map<string, KnownKek>();
  readonly #options: DomainOptions;

  constructor(options: DomainOptions) {
    this.#options = options;
  }

  /** The one object that stands for a KEK. All its versions are one. */
  get({ provider, keyId }: Kek): KnownKek {
    const name = nameOfKek({ provider, keyId });
    const known = this.#keks.get(name);
    if (known !== undefined) return known;
    const kek = describe({ provider, keyId }, this.#options);
    this.#keks.set(name, kek);
    return kek;
  }

  /** In the order of provider and key id. */
  all(): readonly KnownKek[] {
    return [...this.#keks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kek]) => kek);
  }
}

/** How a KEK is written: a provider has no colon. */
export function nameOfKek({ provider, keyId }: Kek): string {
  return `${provider}:${keyId}`;
}

function describe(kek: Kek, { replicas = {}, domainOf }: DomainOptions): KnownKek {
  const derived = domainsOf(kek);
  const id = multiRegionIdOf(kek);
  const stated = id === undefined ? [] : [kek.keyId, id].flatMap((name) => (Object.hasOwn(replicas, name) ? (replicas[name] ?? []) : []));
  const regions = [...new Set([...valuesOf(derived, 'region'), ...stated])];
  const withReplicas = stated.length === 0 ? derived : { ...derived, region: regions };
  const own = domainOf?.(kek, withReplicas);
  const domains = own === undefined ? withReplicas : { ...assertDomains(own), provider: kek.provider };
  return { ...kek, domains, assumedInOneRegion: id !== undefined && valuesOf(domains, 'region').length < 2 };
}

/** Kinds that mean something else in scenarios and selectors. */
const RESERVED = ['key', 'keyId', 'named', 'nothing'];

function assertDomains(domains: Domains): Domains {
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  for (const [kind, value] of Object.entries(Object(domains) as Record<string, unknown>)) {
    if (RESERVED.includes(kind) || !/^[a-zA-Z][\w-]*$/.test(kind)) {
      throw invalidArgument('options.domainOf', `"${kind}" cannot name a kind of failure domain; take a word such as site.`);
    }
    if (isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText))) continue;
    throw invalidArgument('options.domainOf', `the domain "${kind}" that it returned is neither a text nor several; return such as { site: 'Frankfurt' }.`);
  }
  return domains;
}
