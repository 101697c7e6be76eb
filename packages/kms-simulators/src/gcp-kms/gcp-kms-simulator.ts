import type { Controlled } from '../shared/control/controlled.js';
import { underFault } from '../shared/faults/under-fault.js';
import { LOOPBACK, type LoopbackServer } from '../shared/net/loopback-server.js';
import type { ProviderServer } from '../shared/providers.js';
import { clientOptions, type GcpClientOptions } from './client-options.js';
import { checkGcpKmsOptions, type GcpKmsOptions } from './gcp-kms-options.js';
import { loadKeys, storeKeys } from './keys/stored-keys.js';
import { answerCall, type KmsServiceParts } from './kms-service.js';
import { findKey, makeKey, type CreatedGcpKey, type FoundGcpKey, type NewGcpKey } from './make-key.js';
import { listenForGrpc, type GrpcCall } from './protocol/grpc-server.js';
import { readCall } from './protocol/kms-call.js';
import { send } from './protocol/send.js';
import { loadMethods, type MethodCodec } from './protocol/service-definition.js';

const SECTION = 'gcp-kms';

/** A simulated Google Cloud KMS: all projects and locations on one port, over gRPC without TLS. */
export class GcpKmsSimulator implements ProviderServer {
  readonly provider = 'gcp-kms';
  /** E.g. `http://127.0.0.1:8591`; a client is given host and port apart. */
  readonly endpoint: string;
  readonly port: number;
  /** The project of clients and keys, unless told otherwise. */
  readonly project: string;
  readonly #server: LoopbackServer;
  readonly #parts: KmsServiceParts;
  readonly #working: Set<Promise<void>>;

  private constructor(server: LoopbackServer, parts: KmsServiceParts, working: Set<Promise<void>>) {
    this.#server = server;
    this.#parts = parts;
    this.#working = working;
    this.port = server.port;
    this.endpoint = `http://${LOOPBACK}:${server.port}`;
    this.project = parts.settings.project;
  }

  /** @internal Use `startSimulators`. */
  static async start(options: GcpKmsOptions, shared: Omit<Controlled, 'servers'>): Promise<GcpKmsSimulator> {
    const settings = checkGcpKmsOptions(options);
    const { clock, state } = shared;
    const store = loadKeys(state.section(SECTION));
    state.provide(SECTION, () => storeKeys(store));
    const parts: KmsServiceParts = { store, settings, clock, state };
    const methods = loadMethods();
    const working = new Set<Promise<void>>();
    const server = await listenForGrpc(settings.port, (call) => {
      const work = respond(call, methods, parts, shared).catch(() => {
        call.stream.destroy();
      });
      working.add(work);
      void work.finally(() => working.delete(work));
    });
    return new GcpKmsSimulator(server, parts, working);
  }

  /**
   * Options of an SDK client that reaches the simulator.
   *
   * @example
   * ```ts
   * const kms = new KeyManagementServiceClient(sim.gcp.clientOptions());
   * ```
   */
  clientOptions(project: string = this.project): GcpClientOptions {
    return clientOptions(this.port, project);
  }

  /**
   * Makes a key, and its key ring unless it exists, without a request: nothing is counted and no
   * fault hits.
   *
   * @throws SimulatorError `invalid-option`
   * @example
   * ```ts
   * const { name } = await sim.gcp.createKey({ location: 'europe-west1', key: 'app' });
   * ```
   */
  async createKey(key: NewGcpKey = {}): Promise<CreatedGcpKey> {
    return await makeKey(key, this.#parts);
  }

  /** The key of this name, or of a version of it; `undefined` if there is none. No request. */
  findKey(name: string): FoundGcpKey | undefined {
    return findKey(name, this.#parts);
  }

  /** Ends every connection, answered or not, and frees the port. */
  async close(): Promise<void> {
    await this.#server.close();
    await Promise.all(this.#working);
  }
}

async function respond(
  call: GrpcCall,
  methods: ReadonlyMap<string, MethodCodec>,
  parts: KmsServiceParts,
  { faults, requests }: Pick<Controlled, 'faults' | 'requests'>,
): Promise<void> {
  const read = readCall(call, methods);
  const delivery = await underFault({
    facts: read.facts,
    faults,
    requests,
    gone: call.gone,
    work: async (effect) => await answerCall(read, effect, parts),
  });
  send(call.stream, delivery);
}
