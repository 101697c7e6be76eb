import { LOOPBACK } from '../shared/net/loopback-server.js';
import type { Simulators } from '../simulators.js';
import type { Arguments } from './arguments.js';

/** A key of `--key`, made or found. */
export interface ReadyKey {
  readonly alias: string;
  readonly region: string;
  readonly arn: string;
}

/** What the command line asked for, made or found. */
export interface ReadyParts {
  readonly keys: readonly ReadyKey[];
  /** Names of Google Cloud keys. */
  readonly gcpKeys: readonly string[];
  /** Ids of Azure keys, without a version. */
  readonly azureKeys: readonly string[];
  /** Where the certificate of the Azure vaults is. */
  readonly azureCa: string;
}

/** What people see once everything listens: where it is, and lines to copy. */
export function readyText(sim: Simulators, args: Arguments, { keys, gcpKeys, azureKeys, azureCa }: ReadyParts, version: string): string {
  const environment = Object.entries(sim.aws.environment(args.region));
  const { endpoint, region, credentials } = sim.aws.clientConfig(args.region);
  const { accessKeyId, secretAccessKey } = credentials;
  const kept =
    args.state === undefined
      ? 'Keys live in memory and end with this process; --state <file> keeps them.'
      : `Keys are kept in ${args.state}, in the clear.`;
  const lines = [
    `KMS simulators ${version} on 127.0.0.1, for tests and drills, never for real data.`,
    kept,
    '',
    `  AWS KMS            ${endpoint}   (every Region)`,
    `  Google Cloud KMS   ${sim.gcp.endpoint}   (gRPC, every location)`,
    ...Object.entries(sim.azure.vaultUrls).map(([name, url]) => `  Azure Key Vault    ${url}   (${name})`),
    `  Azure tokens       ${sim.azure.identityEndpoint}`,
    `  Control            ${sim.controlUrl ?? ''}`,
    ...(keys.length + gcpKeys.length + azureKeys.length === 0 ? [] : ['', 'Keys:', '']),
    ...keys.map((key) => `  ${key.alias} in ${key.region}: ${key.arn}`),
    ...[...gcpKeys, ...azureKeys].map((name) => `  ${name}`),
    '',
    'For any AWS SDK and the AWS CLI:',
    '',
    ...environment.map(([name, value]) => `  export ${name}=${value}`),
    '',
    'AWS KMS in TypeScript:',
    '',
    "  import { KMSClient } from '@aws-sdk/client-kms';",
    '  const kms = new KMSClient({',
    `    endpoint: '${endpoint}',`,
    `    region: '${region}',`,
    `    credentials: { accessKeyId: '${accessKeyId}', secretAccessKey: '${secretAccessKey}' },`,
    '  });',
    '',
    'Google Cloud KMS in TypeScript:',
    '',
    "  import { KeyManagementServiceClient } from '@google-cloud/kms';",
    "  import { credentials } from '@grpc/grpc-js';",
    '  const gcp = new KeyManagementServiceClient({',
    `    apiEndpoint: '${LOOPBACK}',`,
    `    port: ${sim.gcp.port},`,
    `    projectId: '${sim.gcp.project}',`,
    "    universeDomain: 'googleapis.com',",
    '    sslCreds: credentials.createInsecure(),',
    '  });',
    '',
    'Azure Key Vault, for Azure SDKs:',
    '',
    ...Object.entries(sim.azure.environment(azureCa)).map(([name, value]) => `  export ${name}=${value}`),
    '',
    'Azure Key Vault in TypeScript, with these:',
    '',
    "  import { DefaultAzureCredential } from '@azure/identity';",
    "  import { KeyClient } from '@azure/keyvault-keys';",
    `  const azure = new KeyClient('${sim.azure.vaultUrl()}', new DefaultAzureCredential(), {`,
    '    disableChallengeResourceVerification: true,',
    '  });',
    '',
    'What if the Region goes down?',
    '',
    `  curl -X POST ${sim.controlUrl ?? ''}/regions/${region}/down`,
    '',
    'Ctrl-C stops. --help has more.',
  ];
  return `${lines.join('\n')}\n`;
}

/** One line of JSON for scripts. */
export function readyJson(sim: Simulators, args: Arguments, { keys, gcpKeys, azureKeys, azureCa }: ReadyParts, version: string): string {
  const { azure } = sim;
  const ready = {
    ready: true,
    version,
    pid: process.pid,
    aws: { endpoint: sim.aws.endpoint, account: sim.aws.account, environment: sim.aws.environment(args.region), keys },
    gcp: { endpoint: sim.gcp.endpoint, apiEndpoint: LOOPBACK, port: sim.gcp.port, project: sim.gcp.project, keys: gcpKeys.map((name) => ({ name })) },
    azure: {
      endpoint: azure.endpoint,
      vaults: azure.vaultUrls,
      identityEndpoint: azure.identityEndpoint,
      ca: azureCa,
      environment: azure.environment(azureCa),
      keys: azureKeys.map((id) => ({ id })),
    },
    control: { url: sim.controlUrl },
    state: args.state ?? null,
  };
  return `${JSON.stringify(ready)}\n`;
}
