import { parseArgs } from 'node:util';
import { DEFAULT_ACCOUNT } from '../aws-kms/aws-kms-options.js';
import { SimulatorError } from '../shared/errors.js';

/** What the command line asks for. */
export interface Arguments {
  readonly show: 'help' | 'version' | undefined;
  readonly port: number;
  readonly gcpPort: number;
  readonly controlPort: number;
  readonly region: string;
  readonly account: string | undefined;
  readonly accounts: Readonly<Record<string, string>> | undefined;
  /** Keys to make unless their alias exists. */
  readonly keys: readonly { readonly alias: string; readonly region: string }[];
  /** Google Cloud keys to make unless they exist. */
  readonly gcpKeys: readonly { readonly keyRing: string; readonly key: string; readonly location: string }[];
  readonly state: string | undefined;
  readonly json: boolean;
}

export const DEFAULT_PORT = 8590;
const GCP_OFFSET = 1;
/** The control port follows the others, with room for the services between. */
const CONTROL_OFFSET = 9;

/** @throws SimulatorError `invalid-option` */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parse(args);
  const port = values.port === undefined ? DEFAULT_PORT : readPort('--port', values.port);
  const region = values.region ?? 'us-east-1';
  const owners = (values.account ?? []).map((text) => text.split('='));
  const single = owners.length === 1 && owners[0]?.length === 1 ? owners[0][0] : undefined;
  if (single === undefined && owners.some((parts) => parts.length !== 2 || parts[0] === '')) {
    throw invalid(
      `--account takes one account (${DEFAULT_ACCOUNT}), or <access key id>=<account> once for each access key id.`,
    );
  }
  const { 'gcp-port': gcpPort, 'control-port': controlPort } = values;
  const several = single === undefined && owners.length > 0;
  return {
    show: values.help ? 'help' : values.version ? 'version' : undefined,
    port,
    gcpPort: gcpPort === undefined ? besides(port, GCP_OFFSET) : readPort('--gcp-port', gcpPort),
    controlPort: controlPort === undefined ? besides(port, CONTROL_OFFSET) : readPort('--control-port', controlPort),
    region,
    account: single,
    accounts: several ? (Object.fromEntries(owners) as Record<string, string>) : undefined,
    keys: (values.key ?? []).map((text) => {
      const [alias = '', at = region] = text.split('@');
      return { alias: alias.startsWith('alias/') ? alias : `alias/${alias}`, region: at };
    }),
    gcpKeys: (values['gcp-key'] ?? []).map((text) => {
      const [path = '', location = 'global'] = text.split('@');
      const [key = '', keyRing = 'keyfold'] = path.split('/').reverse();
      return { keyRing, key, location };
    }),
    state: values.state,
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        port: { type: 'string', short: 'p' },
        'gcp-port': { type: 'string' },
        'control-port': { type: 'string' },
        region: { type: 'string', short: 'r' },
        account: { type: 'string', multiple: true },
        key: { type: 'string', short: 'k', multiple: true },
        'gcp-key': { type: 'string', multiple: true },
        state: { type: 'string', short: 's' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'v', default: false },
      },
    });
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function readPort(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw invalid(`${option} takes a number from 0 (any free port) to 65535, unlike "${text}".`);
  return port;
}

function besides(port: number, offset: number): number {
  return port === 0 || port + offset > 65_535 ? 0 : port + offset;
}

function invalid(message: string): SimulatorError {
  return new SimulatorError('invalid-option', `${message} See kms-simulators --help.`);
}
