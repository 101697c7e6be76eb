/** What a method and a path mean. */
export interface Route {
  /** Empty if they mean nothing. */
  readonly operation: string;
  /** Name of the key; empty for an operation without one. */
  readonly name: string;
  /** Version of the key; empty for the current one. */
  readonly version: string;
}

/** `name` and `version` stand for those; a version may be empty, or missing where `[version]` is. */
const PATHS: readonly (readonly [method: string, path: string, operation: string])[] = [
  ['GET', 'keys', 'GetKeys'],
  ['POST', 'keys/restore', 'RestoreKey'],
  ['GET', 'keys/name/versions', 'GetKeyVersions'],
  ['GET', 'keys/name/rotationpolicy', 'GetKeyRotationPolicy'],
  ['PUT', 'keys/name/rotationpolicy', 'UpdateKeyRotationPolicy'],
  ['POST', 'keys/name/create', 'CreateKey'],
  ['POST', 'keys/name/rotate', 'RotateKey'],
  ['POST', 'keys/name/backup', 'BackupKey'],
  ['PUT', 'keys/name', 'ImportKey'],
  ['DELETE', 'keys/name', 'DeleteKey'],
  ['GET', 'keys/name/[version]', 'GetKey'],
  ['PATCH', 'keys/name/[version]', 'UpdateKey'],
  ['POST', 'keys/name/[version]/encrypt', 'Encrypt'],
  ['POST', 'keys/name/[version]/decrypt', 'Decrypt'],
  ['POST', 'keys/name/[version]/wrapkey', 'WrapKey'],
  ['POST', 'keys/name/[version]/unwrapkey', 'UnwrapKey'],
  ['POST', 'keys/name/[version]/sign', 'Sign'],
  ['POST', 'keys/name/[version]/verify', 'Verify'],
  ['POST', 'keys/name/[version]/release', 'Release'],
  ['GET', 'keys/name/[version]/attestation', 'GetKeyAttestation'],
  ['GET', 'deletedkeys', 'GetDeletedKeys'],
  ['GET', 'deletedkeys/name', 'GetDeletedKey'],
  ['DELETE', 'deletedkeys/name', 'PurgeDeletedKey'],
  ['POST', 'deletedkeys/name/recover', 'RecoverDeletedKey'],
  ['POST', 'rng', 'GetRandomBytes'],
];

const ROUTES = PATHS.map(([method, path, operation]) => {
  const pattern = path.replace('/[version]', '(?:/(?<version>[^/]*))?').replace('/name', '/(?<name>[^/]+)');
  return { method, pattern: new RegExp(`^${pattern}/?$`, 'i'), operation };
});

/** SDKs leave the version empty where they name none, `/keys/app//wrapkey`, and may begin with two slashes. */
export function route(method: string, path: string): Route {
  const trimmed = path.replace(/^\/+/, '');
  for (const candidate of ROUTES) {
    if (candidate.method !== method) continue;
    const found = candidate.pattern.exec(trimmed);
    if (found === null) continue;
    const { name = '', version = '' } = found.groups ?? {};
    return { operation: candidate.operation, name: decode(name), version: decode(version) };
  }
  return { operation: '', name: '', version: '' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
