import type { KeyringManifest } from '../manifest.js';

/** Key ids that look like a configured one and are none: what a careless comparison, or a URL, would take for it. */
export function oddKeyIds(keyId: string, configured: readonly string[]): string[] {
  const first = keyId.charAt(0);
  const code = keyId.charCodeAt(0).toString(16).padStart(2, '0');
  const last = keyId.endsWith('x') ? 'y' : 'x';
  const ids = [
    `${keyId}x`,
    `x${keyId}`,
    keyId.slice(0, -1),
    keyId.slice(1),
    keyId.slice(0, -1) + last,
    keyId.toUpperCase(),
    keyId.toLowerCase(),
    (first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + keyId.slice(1),
    `${keyId}/`,
    `/${keyId}`,
    `${keyId}/..`,
    `${keyId}/../${keyId}`,
    `./${keyId}`,
    `${keyId}/1`,
    `${keyId}?x=1`,
    `${keyId}#x`,
    `${keyId}%20`,
    `%${code}${keyId.slice(1)}`,
    `${keyId},${keyId}`,
    `${keyId};`,
    `${keyId}\\`,
    `'${keyId}'`,
    `http://127.0.0.1:9/${keyId}`,
    `https://${keyId}`,
    `${keyId}@127.0.0.1:9`,
    '*',
    '.*',
    '.',
    'undefined',
    '__proto__',
    keyId + 'x'.repeat(65_535 - keyId.length),
  ];
  return [...new Set(ids)].filter((id) => id !== '' && !configured.includes(id));
}

/** Versions that no pattern of versions should let through. */
export function oddKeyVersions(keyVersion: string, versions: boolean): string[] {
  if (!versions) return ['1', '0', 'latest', 'undefined', '*', 'x'.repeat(255)];
  const odd = [
    '',
    `${keyVersion}/`,
    `${keyVersion}/..`,
    `../${keyVersion}`,
    `${keyVersion}?x=1`,
    `${keyVersion}#x`,
    `${keyVersion}%2f`,
    `${keyVersion}:x`,
    `-${keyVersion}`,
    `+${keyVersion}`,
    `${keyVersion}.0`,
    `${keyVersion},${keyVersion}`,
    '*',
    'latest',
    'undefined',
    `${keyVersion}${'0'.repeat(255 - keyVersion.length)}/`.slice(-255),
  ];
  return [...new Set(odd)].filter((version) => version !== keyVersion);
}

/** Algorithms that exist or existed, most of them weaker; and what a careless comparison would take for a right one. */
export function oddAlgorithms(algorithm: string, { algorithms }: KeyringManifest): string[] {
  const odd = [
    'RSA1_5',
    'RSAES_PKCS1_V1_5',
    'RSA-OAEP',
    'RSAES_OAEP_SHA_1',
    'RSA-OAEP-256',
    'RSAES_OAEP_SHA_256',
    'RSA_DECRYPT_OAEP_2048_SHA1',
    'RSA_DECRYPT_OAEP_2048_SHA256',
    'A128KW',
    'A256KW',
    'A256CBC',
    'A256GCM',
    'AES-ECB',
    'SYMMETRIC_DEFAULT',
    'GOOGLE_SYMMETRIC_ENCRYPTION',
    'HKDF-SHA512-AES-256-GCM',
    'SHAMIR-GF256',
    'none',
    'undefined',
    '__proto__',
    algorithm.toLowerCase(),
    algorithm.toUpperCase(),
    `${algorithm}x`,
    algorithm.slice(0, -1),
    `${algorithm},none`,
  ];
  return [...new Set(odd)].filter((name) => name !== '' && !algorithms.includes(name));
}
