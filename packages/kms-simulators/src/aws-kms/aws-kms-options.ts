import { SimulatorError } from '../shared/errors.js';
import { isRegion, type CallerRules } from './protocol/credential-scope.js';

/** How the simulated AWS KMS is set up. */
export interface AwsKmsOptions {
  /** Port on 127.0.0.1; 0, the default, lets the system choose. One port serves every Region. */
  readonly port?: number;
  /** Account of every caller, twelve digits; default `111122223333`. Not together with `accounts`. */
  readonly account?: string;
  /** Account by access key id. Other access key ids are refused, as unknown credentials are. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** Regions that exist, e.g. `['eu-west-1', 'us-east-1']`; default: every well-formed name. */
  readonly regions?: readonly string[];
  /** How long a new replica of a multi-Region key stays in state Creating, in milliseconds; default 0. */
  readonly replicaCreatingMs?: number;
}

/** The account that the documentation of AWS uses in its examples. */
export const DEFAULT_ACCOUNT = '111122223333';

/** {@link AwsKmsOptions}, checked. */
export interface AwsKmsSettings extends CallerRules {
  readonly port: number;
  readonly replicaCreatingMs: number;
}

/** @throws SimulatorError `invalid-option` */
export function checkAwsKmsOptions(options: AwsKmsOptions): AwsKmsSettings {
  const { port = 0, account, accounts, regions, replicaCreatingMs = 0 } = options;
  if (account !== undefined && accounts !== undefined) {
    throw invalid('Give either account or accounts, not both.');
  }
  for (const id of [account ?? [], Object.values(accounts ?? {})].flat()) {
    if (!/^\d{12}$/.test(id)) throw invalid(`An AWS account is twelve digits, unlike "${id}".`);
  }
  if (accounts !== undefined && Object.keys(accounts).length === 0) {
    throw invalid('accounts is empty: name at least one access key id, or leave it out.');
  }
  for (const region of regions ?? []) {
    if (!isRegion(region)) throw invalid(`"${region}" is not an AWS Region such as eu-west-1.`);
  }
  if (!(replicaCreatingMs >= 0 && replicaCreatingMs < Infinity)) {
    throw invalid('replicaCreatingMs is a number of milliseconds of at least 0.');
  }
  return {
    port,
    replicaCreatingMs,
    account: account ?? Object.values(accounts ?? {})[0] ?? DEFAULT_ACCOUNT,
    accounts: accounts === undefined ? undefined : new Map(Object.entries(accounts)),
    regions: regions === undefined ? undefined : new Set(regions),
  };
}

function invalid(message: string): SimulatorError {
  return new SimulatorError('invalid-option', message);
}
