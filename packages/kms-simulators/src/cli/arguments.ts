import { parseArgs } from 'node:util';
import { DEFAULT_ACCOUNT } from '../aws-kms/aws-kms-options.js';
import { KEY_TYPES, type KeyType } from '../azure-keyvault/keys/key.js';
import { SimulatorError } from '../shared/errors.js';

/** What the command line asks for. */
export interface Arguments {
  readonly show: 'help' | 'version' | undefined;
  readonly port: number;
  readonly gcpPort: number;
  /** Of the first vault. */
  readonly azurePort: number;
  readonly azureIdentityPort: number;
  readonly controlPort: number;
  readonly region: string;
  readonly account: string | undefined;
  readonly accounts: Readonly<Record<string, string>> | undefined;
  /** Keys to make unless their alias exists. */
  readonly keys: readonly { readonly alias: string; readonly region: string }[];
  /** Google Cloud keys to make unless they exist. */
  readonly gcpKeys: readonly { readonly keyRing: string; readonly key: string; readonly location: string }[];
  /** Azure keys to make unless they exist, with their vaults. */
  readonly azureKeys: readonly AzureKeyArgument[];
  /** Where the certificate of the vaults is written; `undefined`: a temporary file. */
  readonly azureCa: string | undefined;
  readonly state: string | undefined;
  readonly json: boolean;
}

/** An Azure key of the command line; what is left out is `undefined`. */
export interface AzureKeyArgument {
  readonly vault: string | undefined;
  readonly name: string;
  readonly kty: KeyType | undefined;
  readonly region: string | undefined;
}

export const DEFAULT_PORT = 8590;
const GCP_OFFSET = 1;
const AZURE_OFFSET = 2;
const AZURE_IDENTITY_OFFSET = 8;
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
  const portOf = (option: `${string}-port` & keyof typeof values, offset: number): number => {
    const text = values[option];
    return text === undefined ? besides(port, offset) : readPort(`--${option}`, text);
  };
  const several = single === undefined && owners.length > 0;
  return {
    show: values.help ? 'help' : values.version ? 'version' : undefined,
    port,
    gcpPort: portOf('gcp-port', GCP_OFFSET),
    azurePort: portOf('azure-port', AZURE_OFFSET),
    azureIdentityPort: portOf('azure-identity-port', AZURE_IDENTITY_OFFSET),
    controlPort: portOf('control-port', CONTROL_OFFSET),
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
    azureKeys: (values['azure-key'] ?? []).map(readAzureKey),
    azureCa: values['azure-ca'],
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
        'azure-port': { type: 'string' },
        'azure-identity-port': { type: 'string' },
        'control-port': { type: 'string' },
        region: { type: 'string', short: 'r' },
        account: { type: 'string', multiple: true },
        key: { type: 'string', short: 'k', multiple: true },
        'gcp-key': { type: 'string', multiple: true },
        'azure-key': { type: 'string', multiple: true },
        'azure-ca': { type: 'string' },
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

/** `[vault/]key[:type][@region]`: no part of it may hold the marks of the others. */
function readAzureKey(text: string): AzureKeyArgument {
  const found = /^(?:(?<vault>[^/:@]+)\/)?(?<name>[^/:@]+)(?::(?<type>[^/:@]+))?(?:@(?<region>[^/:@]+))?$/.exec(text);
  const { vault, name, type, region } = found?.groups ?? {};
  const kty = KEY_TYPES.find((known) => known === type);
  if (name === undefined || (type !== undefined && kty === undefined)) {
    throw invalid(`--azure-key takes [vault/]key[:type][@region] with one of the types ${KEY_TYPES.join(', ')}, unlike "${text}".`);
  }
  return { vault, name, kty, region };
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
