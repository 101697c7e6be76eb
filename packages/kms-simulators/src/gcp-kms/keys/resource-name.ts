import { invalidArgument } from '../protocol/service-error.js';

/** Where a location's key rings are. */
export interface LocationName {
  readonly project: string;
  readonly location: string;
}

export interface KeyRingName extends LocationName {
  readonly keyRing: string;
}

export interface CryptoKeyName extends KeyRingName {
  readonly cryptoKey: string;
}

export interface VersionName extends CryptoKeyName {
  /** Counted from 1, in decimal. */
  readonly version: string;
}

/** Whatever parts a name has. */
export type NameParts = LocationName & Partial<VersionName>;

const ID = '[a-zA-Z0-9_-]{1,63}';
const NAME = new RegExp(
  '^projects/([a-z0-9:.-]{1,100})/locations/([a-z0-9-]{1,63})' +
    `(?:/keyRings/(${ID})(?:/cryptoKeys/(${ID})(?:/cryptoKeyVersions/([1-9]\\d{0,9}))?)?)?$`,
);

/** The parts of any name of the service, or `undefined` if it is none. */
export function parseName(name: string): NameParts | undefined {
  const [, project, location, keyRing, cryptoKey, version] = NAME.exec(name) ?? [];
  if (project === undefined || location === undefined) return undefined;
  return {
    project,
    location,
    ...(keyRing === undefined ? {} : { keyRing }),
    ...(cryptoKey === undefined ? {} : { cryptoKey }),
    ...(version === undefined ? {} : { version }),
  };
}

/** Whether a text may be the id of a key ring or a key. */
export function isId(id: string): boolean {
  return new RegExp(`^${ID}$`).test(id);
}

export function locationName({ project, location }: LocationName): string {
  return `projects/${project}/locations/${location}`;
}

export function keyRingName(parts: KeyRingName): string {
  return `${locationName(parts)}/keyRings/${parts.keyRing}`;
}

export function cryptoKeyName(parts: CryptoKeyName): string {
  return `${keyRingName(parts)}/cryptoKeys/${parts.cryptoKey}`;
}

export function versionName(parts: VersionName): string {
  return `${cryptoKeyName(parts)}/cryptoKeyVersions/${parts.version}`;
}

/** @throws ServiceError `INVALID_ARGUMENT` unless the name is of this kind. */
export function requireLocation(name: string): LocationName {
  const parts = parseName(name);
  if (parts === undefined || parts.keyRing !== undefined) throw malformed(name);
  return parts;
}

/** @throws ServiceError `INVALID_ARGUMENT` */
export function requireKeyRing(name: string): KeyRingName {
  const parts = parseName(name);
  if (parts?.keyRing === undefined || parts.cryptoKey !== undefined) throw malformed(name);
  return parts as KeyRingName;
}

/** @throws ServiceError `INVALID_ARGUMENT` */
export function requireCryptoKey(name: string): CryptoKeyName {
  const parts = parseName(name);
  if (parts?.cryptoKey === undefined || parts.version !== undefined) throw malformed(name);
  return parts as CryptoKeyName;
}

/** @throws ServiceError `INVALID_ARGUMENT` */
export function requireVersion(name: string): VersionName {
  const parts = parseName(name);
  if (parts?.version === undefined) throw malformed(name);
  return parts as VersionName;
}

function malformed(name: string): Error {
  return invalidArgument(`Resource name ${JSON.stringify(name)} is not valid for this request.`);
}
