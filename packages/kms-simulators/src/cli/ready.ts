import type { Simulators } from '../simulators.js';
import type { Arguments } from './arguments.js';

/** A key of `--key`, made or found. */
export interface ReadyKey {
  readonly alias: string;
  readonly region: string;
  readonly arn: string;
}

/** What people see once everything listens: where it is, and lines to copy. */
export function readyText(sim: Simulators, args: Arguments, keys: readonly ReadyKey[], version: string): string {
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
    `  AWS KMS   ${endpoint}   (every Region)`,
    `  Control   ${sim.controlUrl ?? ''}`,
    ...(keys.length === 0 ? [] : ['', 'Keys:', '']),
    ...keys.map((key) => `  ${key.alias} in ${key.region}: ${key.arn}`),
    '',
    'For any AWS SDK and the AWS CLI:',
    '',
    ...environment.map(([name, value]) => `  export ${name}=${value}`),
    '',
    'In TypeScript:',
    '',
    "  import { KMSClient } from '@aws-sdk/client-kms';",
    '  const kms = new KMSClient({',
    `    endpoint: '${endpoint}',`,
    `    region: '${region}',`,
    `    credentials: { accessKeyId: '${accessKeyId}', secretAccessKey: '${secretAccessKey}' },`,
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
export function readyJson(sim: Simulators, args: Arguments, keys: readonly ReadyKey[], version: string): string {
  const ready = {
    ready: true,
    version,
    pid: process.pid,
    aws: { endpoint: sim.aws.endpoint, account: sim.aws.account, environment: sim.aws.environment(args.region), keys },
    control: { url: sim.controlUrl },
    state: args.state ?? null,
  };
  return `${JSON.stringify(ready)}\n`;
}
