import { SimulatorError } from '../shared/errors.js';
import type { AwsKmsSettings } from './aws-kms-options.js';
import { isRegion } from './protocol/credential-scope.js';

/** What a `KMSClient` of `@aws-sdk/client-kms` needs to reach the simulator. */
export interface AwsClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Stands for any credential where the simulator takes all. */
const ANY = 'simulator';

/** @throws SimulatorError `invalid-option` if the simulator would refuse such a client. */
export function clientConfig(
  endpoint: string,
  settings: AwsKmsSettings,
  region: string,
  account: string,
): AwsClientConfig {
  if (!isRegion(region) || settings.regions?.has(region) === false) {
    throw new SimulatorError('invalid-option', `There is no simulated Region "${region}".`);
  }
  const accounts = settings.accounts ?? new Map([[ANY, settings.account]]);
  const [accessKeyId] = [...accounts].find(([, id]) => id === account) ?? [];
  if (accessKeyId === undefined) {
    throw new SimulatorError(
      'invalid-option',
      `No access key id belongs to the account "${account}". Name it in the option aws.accounts.`,
    );
  }
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey: ANY } };
}

/** The variables that AWS SDKs and the AWS CLI read. */
export function environment({ endpoint, region, credentials }: AwsClientConfig): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}
