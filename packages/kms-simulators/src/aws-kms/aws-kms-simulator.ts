import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Controlled } from '../shared/control/controlled.js';
import { underFault } from '../shared/faults/under-fault.js';
import { connectionGone } from '../shared/net/connection-gone.js';
import { deliverHttp } from '../shared/net/deliver-http.js';
import { listenOnLoopback, LOOPBACK, type LoopbackServer } from '../shared/net/loopback-server.js';
import { readBody } from '../shared/net/read-body.js';
import type { ProviderServer } from '../shared/providers.js';
import { checkAwsKmsOptions, type AwsKmsOptions, type AwsKmsSettings } from './aws-kms-options.js';
import { clientConfig, environment, type AwsClientConfig } from './client-config.js';
import { findKey, type FoundKey, type KeyQuery } from './find-key.js';
import { makeKey, type CreatedKey, type NewKey } from './make-key.js';
import { loadKeys, storeKeys } from './keys/stored-keys.js';
import { answerCall, type KmsServiceParts } from './kms-service.js';
import { readCall } from './protocol/kms-call.js';

/** Bytes. The largest real request is some 10 KiB. */
const BODY_LIMIT = 1024 * 1024;
const SECTION = 'aws-kms';

/** A simulated AWS KMS: all Regions and accounts on one port. */
export class AwsKmsSimulator implements ProviderServer {
  readonly provider = 'aws-kms';
  /** E.g. `http://127.0.0.1:8590`, for `endpoint` or `AWS_ENDPOINT_URL_KMS`. */
  readonly endpoint: string;
  /** The account of callers, or the first of several. */
  readonly account: string;
  readonly #server: LoopbackServer;
  readonly #parts: KmsServiceParts;
  readonly #settings: AwsKmsSettings;
  readonly #working: Set<Promise<void>>;

  private constructor(server: LoopbackServer, parts: KmsServiceParts, working: Set<Promise<void>>) {
    this.#server = server;
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#working = working;
    this.endpoint = `http://${LOOPBACK}:${server.port}`;
    this.account = parts.settings.account;
  }

  /** @internal Use `startSimulators`. */
  static async start(options: AwsKmsOptions, shared: Omit<Controlled, 'servers'>): Promise<AwsKmsSimulator> {
    const settings = checkAwsKmsOptions(options);
    const { clock, state } = shared;
    const store = loadKeys(state.section(SECTION));
    state.provide(SECTION, () => storeKeys(store));
    const parts: KmsServiceParts = { store, settings, clock, state };
    const working = new Set<Promise<void>>();
    const server = await listenOnLoopback(settings.port, (request, response) => {
      // A connection that breaks while the request is read leaves no one to answer.
      const work = respond(request, response, parts, shared).catch(() => {
        response.destroy();
      });
      working.add(work);
      void work.finally(() => working.delete(work));
    });
    return new AwsKmsSimulator(server, parts, working);
  }

  /**
   * Configuration of an SDK client that reaches the simulator.
   *
   * @param account The caller's account; must be one of `accounts` if those were given.
   * @throws SimulatorError `invalid-option`
   * @example
   * ```ts
   * const kms = new KMSClient(sim.aws.clientConfig('eu-west-1'));
   * ```
   */
  clientConfig(region: string, account: string = this.account): AwsClientConfig {
    return clientConfig(this.endpoint, this.#settings, region, account);
  }

  /** The same as environment variables, for other processes and the AWS CLI. */
  environment(region: string, account: string = this.account): Record<string, string> {
    return environment(this.clientConfig(region, account));
  }

  /**
   * Makes a key without a request, so that nothing is counted and no fault hits.
   *
   * @throws SimulatorError `invalid-option`
   * @example
   * ```ts
   * const { arn } = await sim.aws.createKey({ region: 'eu-west-1', alias: 'alias/app' });
   * ```
   */
  async createKey(key: NewKey): Promise<CreatedKey> {
    return await makeKey(key, this.#parts);
  }

  /** The key that an id, ARN or alias means in a Region; `undefined` if there is none. No request. */
  findKey(key: KeyQuery): FoundKey | undefined {
    return findKey(key, this.#parts);
  }

  /** Ends every connection, answered or not, and frees the port. */
  async close(): Promise<void> {
    await this.#server.close();
    await Promise.all(this.#working);
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  parts: KmsServiceParts,
  { faults, requests }: Pick<Controlled, 'faults' | 'requests'>,
): Promise<void> {
  const gone = connectionGone(response);
  const body = await readBody(request, BODY_LIMIT);
  const call = readCall(request.headers, body, parts.settings, parts.store);
  const delivery = await underFault({
    facts: call.facts,
    faults,
    requests,
    gone,
    work: async (effect) => await answerCall(call, effect, parts),
  });
  deliverHttp(response, delivery);
}
