// The clouds of `npm run test:cloud`: which variable names the keys, what settings the keyring gets, and what the
// conformance suite has to expect. Where nothing can be counted, held or broken, it is left out.

/**
 * @typedef {import('../../keyring-testkit/src/index.js').KeyringManifest} KeyringManifest
 *
 * @typedef {object} Cloud
 * @property {string} title
 * @property {string} provider As the command-line tool calls it, whose settings are those of its configuration.
 * @property {string} variable Names two keys, with a comma between them.
 * @property {RegExp} key What a key looks like.
 * @property {string} example
 * @property {(key: string) => Record<string, unknown>} settings
 * @property {(key: string) => KeyringManifest} manifest
 * @property {(key: string) => string[]} foreignKeyIds Keys like this one that nobody configured.
 */

const { env } = process;
const common = /** @type {const} */ ({ generate: false, check: true, keyVersions: true });

/** @type {readonly Cloud[]} */
export const CLOUDS = [
  {
    title: 'AWS KMS',
    provider: 'aws-kms',
    variable: 'KEYFOLD_AWS_KMS_KEYS',
    key: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/,
    example: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    settings: (key) => ({ key }),
    manifest: () => ({
      ...common,
      provider: 'aws-kms',
      algorithms: ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256'],
      contextBinding: 'kms',
      keyVersions: false,
      generate: true,
    }),
    foreignKeyIds: (key) => [key.replace(/:\d{12}:/, ':999999999999:'), key.replace(/^arn:aws/, 'arn:aws-x')],
  },
  {
    title: 'Google Cloud KMS',
    provider: 'gcp-kms',
    variable: 'KEYFOLD_GCP_KMS_KEYS',
    key: /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+(\/cryptoKeyVersions\/\d+)?$/,
    example: 'projects/acme/locations/europe-west3/keyRings/keyfold-test/cryptoKeys/a',
    settings: (key) => ({ key, ...optional('endpoint', env['KEYFOLD_GCP_KMS_ENDPOINT']) }),
    manifest: (key) => ({
      ...common,
      provider: 'gcp-kms',
      keyVersion: /^[1-9][0-9]*$/,
      ...(key.includes('/cryptoKeyVersions/')
        ? { algorithms: [2048, 3072, 4096].map((bits) => `RSA_DECRYPT_OAEP_${bits}_SHA256`), contextBinding: 'engine' }
        : { algorithms: ['GOOGLE_SYMMETRIC_ENCRYPTION'], contextBinding: 'kms' }),
    }),
    foreignKeyIds: (key) => [key.replace(/^projects\/[^/]+/, 'projects/somebody-else'), key.replace('/keyRings/', '/keyRings/x')],
  },
  {
    title: 'Azure Key Vault',
    provider: 'azure-keyvault',
    variable: 'KEYFOLD_AZURE_KEYVAULT_KEYS',
    key: /^https:\/\/[^/]+\/keys\/[^/]+(\/[0-9a-z]+)?$/,
    example: 'https://acme.vault.azure.net/keys/keyfold-test-a',
    settings: (key) => ({ key, ...optional('trustedHosts', env['KEYFOLD_AZURE_KEYVAULT_TRUSTED_HOSTS']?.split(',')) }),
    manifest: (key) => ({
      ...common,
      provider: 'azure-keyvault',
      keyVersion: /^[0-9a-z]{32}$/,
      algorithms: ['RSA-OAEP-256', 'A256KW'],
      contextBinding: 'engine',
      deterministic: new URL(key).host.includes('.managedhsm.'),
    }),
    foreignKeyIds: (key) => [key.replace('https://', 'https://x'), key.replace('/keys/', '/keys/x')],
  },
];

/** @param {string} name @param {unknown} value */
function optional(name, value) {
  return value === undefined ? {} : { [name]: value };
}
