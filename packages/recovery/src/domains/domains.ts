import type { Kek } from '@keyfold/core/keyring';

/**
 * What a KEK fails together with, by kind: `{ provider: 'aws-kms', account: '111122223333', region: 'eu-west-1' }`. Kinds of
 * your own, such as `site`, may be among them. Several values of one kind say that the KEK is in each of these places, and
 * lost only with all of them.
 */
export type Domains = Readonly<Record<string, string | readonly string[]>>;

/** AWS KMS key ARNs: `arn:<partition>:kms:<Region>:<account>:key/<id>`, and those of aliases, which pending keys may name. */
const AWS_ARN = /^arn:[^:]+:kms:(?<region>[^:]+):(?<account>[^:]+):(?<resource>.+)$/;
const GCP_NAME = /^projects\/(?<account>[^/]+)\/locations\/(?<region>[^/]+)\//;
const AZURE_ID = /^https:\/\/(?<account>[^/]+)\/keys\//;
const PATTERNS: ReadonlyMap<string, RegExp> = new Map([
  ['aws-kms', AWS_ARN],
  ['gcp-kms', GCP_NAME],
  ['azure-keyvault', AZURE_ID],
]);

/**
 * The failure domains that a key id tells of: of an AWS ARN the account and the Region, of a Google Cloud name the project
 * and the location, of an Azure key the vault. `account` is the kind of all three: what one administrator or one invoice
 * that was not paid takes away. A name that says nothing, as of a local key, has the provider alone.
 *
 * Drills and the write policies of the `keyfold` command both go by this; as the `domain` of a multi-keyring's member it has
 * a program's own policies speak of the same.
 *
 * @example
 * ```ts
 * import { domainsOf } from '@keyfold/recovery/domains';
 *
 * console.log(domainsOf({ provider: 'gcp-kms', keyId: 'projects/acme/locations/europe-west3/keyRings/app/cryptoKeys/data' }));
 * // { provider: 'gcp-kms', account: 'acme', region: 'europe-west3' }
 * ```
 */
export function domainsOf({ provider, keyId }: Kek): Readonly<Record<string, string>> {
  const { account, region } = PATTERNS.get(provider)?.exec(keyId)?.groups ?? {};
  return {
    provider,
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
}

/** The id of an AWS multi-Region key, which its replicas in all Regions share; `undefined` for any other key. */
export function multiRegionIdOf({ provider, keyId }: Kek): string | undefined {
  if (provider !== 'aws-kms') return undefined;
  return /:key\/(mrk-[^/]+)$/.exec(keyId)?.[1];
}

/** The values of one kind, of which a KEK may have several. */
export function valuesOf(domains: Domains, kind: string): readonly string[] {
  const value = Object.hasOwn(domains, kind) ? domains[kind] : undefined;
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
