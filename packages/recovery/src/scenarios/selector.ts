import { invalidArgument } from '@keyfold/core/keyring';
import type { Kek } from '@keyfold/core/keyring';
import { valuesOf } from '../domains/domains.js';
import type { Domains } from '../domains/domains.js';
import { nameOfKek } from '../domains/key-directory.js';

/**
 * Names KEKs: those of which all that is given here is true. `keyId` is compared with the key id, anything else with the
 * failure domain of that kind: `{ region: 'eu-west-1' }`, `{ provider: 'aws-kms', account: '111122223333' }`.
 */
export type LossSelector = Readonly<Record<string, string>>;

/** A KEK and what it fails together with. */
export interface Located extends Kek {
  readonly domains: Domains;
}

/**
 * Whether a KEK is lost when everything that the selectors name is. A KEK that is in several places is lost when each of
 * these places is.
 */
export function isLostWith(kek: Located, lost: readonly LossSelector[]): boolean {
  return placesOf(kek.domains).every((place) => lost.some((selector) => selects(selector, kek, place)));
}

function selects(selector: LossSelector, kek: Kek, place: ReadonlyMap<string, string>): boolean {
  return Object.entries(selector).every(([kind, value]) => (kind === 'keyId' ? kek.keyId : place.get(kind)) === value);
}

/** One for each combination of the places that a KEK is in: nearly always one alone. */
function placesOf(domains: Domains): readonly ReadonlyMap<string, string>[] {
  let places: ReadonlyMap<string, string>[] = [new Map()];
  for (const kind of Object.keys(domains)) {
    places = places.flatMap((place) => valuesOf(domains, kind).map((value) => new Map(place).set(kind, value)));
  }
  return places;
}

/** How a selector is written for people. */
export function formatSelector(selector: LossSelector): string {
  const { provider, keyId } = selector;
  if (provider !== undefined && keyId !== undefined) return `key ${nameOfKek({ provider, keyId })}`;
  return Object.entries(selector)
    .map(([kind, value]) => `${kind === 'keyId' ? 'key' : kind} ${value}`)
    .join(' and ');
}

/**
 * Reads selectors as people write them: `region:eu-west-1 account:111122223333`, with white space between them, each of
 * which adds to what is lost. `key:` takes a key as `keyfold keys` shows it: `key:local-raw:app-2026`.
 *
 * @param argument - how errors call the place
 * @throws `invalid-argument`
 * @example
 * ```ts
 * import { parseSelectors } from '@keyfold/recovery';
 *
 * console.log(parseSelectors('region:eu-central-1 key:local-raw:safe')); 
 * // [ { region: 'eu-central-1' }, { provider: 'local-raw', keyId: 'safe' } ]
 * ```
 */
export function parseSelectors(text: string, argument = 'text'): readonly LossSelector[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) throw invalidArgument(argument, 'say what is lost, such as region:eu-west-1 or key:local-raw:app-2026.');
  return words.map((word) => {
    const [, kind, value] = /^([a-zA-Z][\w-]*):(.+)$/.exec(word) ?? [];
    if (kind === undefined || value === undefined) {
      throw invalidArgument(argument, `write ${JSON.stringify(word)} as <kind>:<value>, such as region:eu-west-1, provider:aws-kms or key:local-raw:app-2026.`);
    }
    if (kind !== 'key') return { [kind]: value };
    const at = value.indexOf(':');
    if (at < 1 || at === value.length - 1) {
      throw invalidArgument(argument, `write ${JSON.stringify(word)} as key:<provider>:<key id>, as "keyfold keys" shows it.`);
    }
    return { provider: value.slice(0, at), keyId: value.slice(at + 1) };
  });
}

/** Refuses what would name nothing, or everything. Throws `invalid-argument`. */
export function assertSelectors(lost: readonly LossSelector[], argument: string): void {
  const given: unknown = lost;
  if (!Array.isArray(given) || given.length === 0) throw invalidArgument(argument, "pass at least one selector, such as { region: 'eu-west-1' }.");
  for (const [i, selector] of (given as readonly unknown[]).entries()) {
    const entries = typeof selector === 'object' && selector !== null ? Object.entries(selector) : [];
    const areTexts = entries.every(([, value]) => typeof value === 'string' && value !== '');
    if (entries.length === 0 || !areTexts) {
      throw invalidArgument(`${argument}[${i}]`, "pass an object such as { region: 'eu-west-1' } whose values are texts.");
    }
  }
}
