import type { AwsKmsAlgorithm } from '@keyfold/aws-kms';
import { usageError } from '../errors/usage-error.js';
import { placed } from './failure-domain.js';
import { fromOptions, given } from './from-options.js';
import { loadOptional } from './optional-package.js';
import type { Origin, PlacedKeyring, Provider } from './provider.js';
import { readPublicKey } from './public-key-file.js';

/** What a configuration says of a key in AWS KMS, as the schema describes it. */
interface AwsKmsSettings {
  readonly key: string;
  readonly region?: string | readonly string[];
  readonly alsoUnwrap?: readonly string[];
  readonly algorithm?: AwsKmsAlgorithm;
  readonly publicKeyFile?: string;
  readonly timeoutMs?: number;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly useFipsEndpoint?: boolean;
}

/** Keys in AWS KMS: `aws-kms:<ARN or alias>`. Credentials, Region and endpoint are the SDK's own, unless a configuration says more. */
export const awsKms: Provider = {
  async fromSpec(rest, origin) {
    if (rest === '') throw usageError(origin.argument, 'name the key: aws-kms:<key ARN, alias ARN or alias/name>.');
    return await makeKeyring({ key: rest }, origin);
  },

  async fromSettings(settings, origin) {
    return await makeKeyring(settings as unknown as AwsKmsSettings, origin);
  },
};

async function makeKeyring(settings: AwsKmsSettings, origin: Origin): Promise<PlacedKeyring> {
  // Scripts read what the command says on stderr, where the SDK would announce which Node it will need one day.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const packages = ['@keyfold/aws-kms', '@aws-sdk/client-kms'] as const;
  const { awsKmsKeyring, awsKmsOfflineKeyring } = await loadOptional(async () => await import('@keyfold/aws-kms'), packages, origin.argument);
  const { key, region, alsoUnwrap, algorithm, publicKeyFile, timeoutMs, profile, endpoint, useFipsEndpoint } = settings;
  if (publicKeyFile !== undefined) {
    const publicKey = await readPublicKey(publicKeyFile, origin);
    return inRegion(placed(fromOptions(() => awsKmsOfflineKeyring({ key, publicKey }), origin)), region);
  }
  const clientConfig = given({ profile, endpoint, useFipsEndpoint });
  const options = { key, ...given({ region, alsoUnwrap, algorithm, timeoutMs }), clientConfig };
  return inRegion(placed(fromOptions(() => awsKmsKeyring(options), origin)), region);
}

/** Where it is called, which an alias does not tell. A key that may be used in several Regions fails with none of them. */
function inRegion({ keyring, domain }: PlacedKeyring, configured: AwsKmsSettings['region']): PlacedKeyring {
  const { region: ofArn, ...others } = domain;
  const regions = [configured ?? ofArn ?? process.env['AWS_REGION'] ?? []].flat();
  return { keyring, domain: { ...others, ...given({ region: regions.length === 1 ? regions[0] : undefined }) } };
}
