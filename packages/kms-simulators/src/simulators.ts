import { AwsKmsSimulator } from './aws-kms/aws-kms-simulator.js';
import type { AwsKmsOptions } from './aws-kms/aws-kms-options.js';
import { OPERATIONS as AWS_KMS_OPERATIONS } from './aws-kms/operations/index.js';
import { AzureKeyVaultSimulator } from './azure-keyvault/azure-keyvault-simulator.js';
import type { AzureKeyVaultOptions } from './azure-keyvault/azure-keyvault-options.js';
import { KNOWN_OPERATIONS as AZURE_KEYVAULT_OPERATIONS } from './azure-keyvault/known-operations.js';
import { GcpKmsSimulator } from './gcp-kms/gcp-kms-simulator.js';
import type { GcpKmsOptions } from './gcp-kms/gcp-kms-options.js';
import { OPERATIONS as GCP_KMS_OPERATIONS } from './gcp-kms/operations/index.js';
import { SimulatedClock } from './shared/clock/simulated-clock.js';
import { startControlServer, type ControlServer } from './shared/control/control-server.js';
import { FaultBoard } from './shared/faults/fault-board.js';
import type { ProviderServer } from './shared/providers.js';
import { RequestLog } from './shared/requests/request-log.js';
import { StateFile } from './shared/state/state-file.js';

/** How the simulators are set up. Every field may be left out. */
export interface SimulatorsOptions {
  readonly aws?: AwsKmsOptions;
  readonly gcp?: GcpKmsOptions;
  readonly azure?: AzureKeyVaultOptions;
  /** The control API over HTTP, for other processes. Without it there is only the one in process. */
  readonly control?: { readonly port?: number };
  /**
   * Path of a JSON file that keeps keys across restarts; made if it does not exist. It
   * holds the simulated keys in the clear. One process at a time may use it.
   */
  readonly state?: string;
  /** Gives the start up; what was started by then is closed again. */
  readonly signal?: AbortSignal;
}

/** Running simulators. `await using` or {@link Simulators.close} ends them. */
export class Simulators implements AsyncDisposable {
  readonly aws: AwsKmsSimulator;
  readonly gcp: GcpKmsSimulator;
  readonly azure: AzureKeyVaultSimulator;
  /** What goes wrong, in all providers. */
  readonly faults: FaultBoard;
  /** What was asked for, of all providers. */
  readonly requests: RequestLog;
  readonly clock: SimulatedClock;
  /** Where the HTTP control API listens; `undefined` if it was not asked for. */
  readonly controlUrl: string | undefined;
  readonly #control: ControlServer | undefined;
  readonly #state: StateFile;
  readonly #servers: readonly ProviderServer[];
  #closed: Promise<void> | undefined;

  /** @internal */
  constructor(parts: {
    faults: FaultBoard;
    requests: RequestLog;
    clock: SimulatedClock;
    state: StateFile;
    aws: AwsKmsSimulator;
    gcp: GcpKmsSimulator;
    azure: AzureKeyVaultSimulator;
    control: ControlServer | undefined;
    servers: readonly ProviderServer[];
  }) {
    this.faults = parts.faults;
    this.requests = parts.requests;
    this.clock = parts.clock;
    this.#state = parts.state;
    this.aws = parts.aws;
    this.gcp = parts.gcp;
    this.azure = parts.azure;
    this.controlUrl = parts.control?.url;
    this.#control = parts.control;
    this.#servers = parts.servers;
  }

  /**
   * Ends every connection, answered or not, frees the ports, and writes the state file a last time.
   * No socket and no timer is left. Calling it again changes nothing.
   */
  async close(): Promise<void> {
    this.#closed ??= closeAll([...this.#servers, this.#control]).then(async () => {
      await this.#state.save();
    });
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Starts simulated key management services on 127.0.0.1.
 *
 * @throws SimulatorError `invalid-option`, `port-in-use`, `state-unreadable`
 * @example
 * ```ts
 * const sim = await startSimulators({ aws: {} });
 * const { arn } = await sim.aws.createKey({ region: 'eu-west-1' });
 * const kms = new KMSClient(sim.aws.clientConfig('eu-west-1'));
 * await kms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_256' }));
 * sim.faults.inject({ kind: 'throttled', operation: 'Decrypt', count: 2 });
 * sim.requests.count({ operation: 'GenerateDataKey' }); // 1
 * await sim.close();
 * ```
 */
export async function startSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const { signal, control: controlOptions } = options;
  signal?.throwIfAborted();
  const state = await StateFile.open(options.state, signal);
  const clock = new SimulatedClock((state.section('clock') as { offset: number } | undefined)?.offset);
  state.provide('clock', () => ({ offset: clock.offset }));
  const faults = new FaultBoard(
    new Map([
      ['aws-kms', new Set(AWS_KMS_OPERATIONS.keys())],
      ['gcp-kms', new Set(GCP_KMS_OPERATIONS.keys())],
      ['azure-keyvault', AZURE_KEYVAULT_OPERATIONS],
    ]),
  );
  const requests = new RequestLog(() => clock.now());
  const shared = { faults, requests, clock, state };
  const servers: ProviderServer[] = [];
  let control: ControlServer | undefined;
  try {
    const aws = await AwsKmsSimulator.start(options.aws ?? {}, shared);
    servers.push(aws);
    const gcp = await GcpKmsSimulator.start(options.gcp ?? {}, shared);
    servers.push(gcp);
    const azure = await AzureKeyVaultSimulator.start(options.azure ?? {}, shared);
    servers.push(azure);
    if (controlOptions) control = await startControlServer(controlOptions.port ?? 0, { ...shared, servers });
    signal?.throwIfAborted();
    return new Simulators({ ...shared, aws, gcp, azure, control, servers });
  } catch (error) {
    await closeAll([...servers, control]);
    throw error;
  }
}

async function closeAll(servers: readonly ({ close(): Promise<void> } | undefined)[]): Promise<void> {
  await Promise.all(servers.map(async (server) => await server?.close()));
}
