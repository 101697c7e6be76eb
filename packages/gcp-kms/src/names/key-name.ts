/** The name of a key: `projects/…/locations/…/keyRings/…/cryptoKeys/…`. */
export interface KeyName {
  readonly text: string;
  readonly project: string;
  readonly location: string;
  readonly keyRing: string;
  readonly key: string;
}

/** What may stand in a name: an id of a project may hold a domain (`example.com:app`), the others are of the service. */
const KEY = '(projects/([a-z0-9][a-z0-9.:-]{0,98})/locations/([a-z0-9-]{1,63})/keyRings/([a-zA-Z0-9_-]{1,63})/cryptoKeys/([a-zA-Z0-9_-]{1,63}))';
const NAME = new RegExp(`^${KEY}(?:/cryptoKeyVersions/([1-9][0-9]{0,9}))?$`);
const VERSION = /^[1-9][0-9]{0,9}$/;

/** The parts of the name of a key or of a version of one, or `undefined` for any other text. */
export function parseName(name: string): { readonly key: KeyName; readonly version: string | undefined } | undefined {
  const [, text, project, location, keyRing, key, version] = NAME.exec(name) ?? [];
  if (text === undefined || project === undefined || location === undefined || keyRing === undefined || key === undefined) return undefined;
  return { key: { text, project, location, keyRing, key }, version };
}

/** Whether a text is the number of a version: names in envelopes and in answers are hostile input. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** The name of a version of a key. */
export function versionName(key: KeyName, version: string): string {
  return `${key.text}/cryptoKeyVersions/${version}`;
}

/** The number of the version that an answer names, if it is one of this key. */
export function versionOf(key: KeyName, answered: string | null | undefined): string | undefined {
  const parsed = parseName(answered ?? '');
  return parsed?.key.text === key.text ? parsed.version : undefined;
}
