import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Controlled } from '../shared/control/controlled.js';
import { SimulatorError } from '../shared/errors.js';
import { underFault } from '../shared/faults/under-fault.js';
import { connectionGone } from '../shared/net/connection-gone.js';
import { deliverHttp } from '../shared/net/deliver-http.js';
import { listenOnLoopback, LOOPBACK, type LoopbackServer } from '../shared/net/loopback-server.js';
import { readBody } from '../shared/net/read-body.js';
import type { ProviderServer } from '../shared/providers.js';
import { checkAzureKeyVaultOptions, checkVault, type AzureKeyVaultOptions, type NewVault } from './azure-keyvault-options.js';
import { selfSigned, type Certificate } from './certificate/self-signed.js';
import { credential, type AzureClientOptions, type AzureCredential } from './client-options.js';
import { KeyStore } from './keys/key-store.js';
import type { Vault } from './keys/vault.js';
import { makeKey, run, type CreatedAzureKey, type NewAzureKey } from './make-key.js';
import { readCall } from './protocol/vault-call.js';
import { answerCall, type VaultServiceParts } from './vault-service.js';

/** Bytes. The largest real request is some 10 KiB. */
const BODY_LIMIT = 1024 * 1024;

/** A simulated Azure Key Vault: each vault and managed HSM on a port of its own, over HTTPS. */
export class AzureKeyVaultSimulator implements ProviderServer {
  readonly provider = 'azure-keyvault';
  /** A credential for the SDK's clients, without any request. */
  readonly credential: AzureCredential;
  readonly #certificate: Certificate = selfSigned();
  readonly #parts: VaultServiceParts;
  readonly #shared: Pick<Controlled, 'faults' | 'requests'>;
  readonly #servers: LoopbackServer[] = [];
  readonly #opening = new Map<string, Promise<Vault>>();
  readonly #working = new Set<Promise<void>>();

  private constructor(parts: VaultServiceParts, shared: Pick<Controlled, 'faults' | 'requests'>) {
    this.#parts = parts;
    this.#shared = shared;
    this.credential = credential(parts.settings.tenant);
  }

  /** @internal Use `startSimulators`. */
  static async start(options: AzureKeyVaultOptions, shared: Omit<Controlled, 'servers'>): Promise<AzureKeyVaultSimulator> {
    const settings = checkAzureKeyVaultOptions(options);
    const { clock, state } = shared;
    const simulator = new AzureKeyVaultSimulator({ store: new KeyStore(), settings, clock, state }, shared);
    try {
      for (const vault of settings.vaults) await simulator.createVault(vault);
      return simulator;
    } catch (error) {
      await simulator.close();
      throw error;
    }
  }

  /** URL of the first vault, e.g. `https://127.0.0.1:8592`. */
  get endpoint(): string {
    return this.vaultUrl();
  }

  /** The certificate of every vault, PEM; for `ca` in TLS options, or a file that `NODE_EXTRA_CA_CERTS` names. */
  get ca(): string {
    return this.#certificate.cert;
  }

  /**
   * URL of a vault or managed HSM; without a name of the first one.
   *
   * @throws SimulatorError `invalid-option` if there is none of that name
   */
  vaultUrl(name?: string): string {
    return this.#vault(name).url;
  }

  /**
   * Options of an SDK client that reaches the simulator.
   *
   * @example
   * ```ts
   * const keys = new KeyClient(sim.azure.vaultUrl(), sim.azure.credential, sim.azure.clientOptions());
   * ```
   */
  clientOptions(): AzureClientOptions {
    return { tlsOptions: { ca: this.ca }, disableChallengeResourceVerification: true };
  }

  /**
   * Makes a vault or managed HSM, unless there is one of that name; returns its URL.
   *
   * @throws SimulatorError `invalid-option`, `port-in-use`
   */
  async createVault(vault: NewVault): Promise<string> {
    return (await this.#open(vault)).url;
  }

  /**
   * Makes a key, or its next version, and its vault unless that exists, without a request: nothing is
   * counted and no fault hits.
   *
   * @throws SimulatorError `invalid-option`, `port-in-use`
   * @example
   * ```ts
   * const { id, vaultUrl } = await sim.azure.createKey({ vault: 'primary', name: 'app' });
   * ```
   */
  async createKey(key: NewAzureKey = {}): Promise<CreatedAzureKey> {
    const { vault: name, kty } = key;
    const kind = kty === 'oct-HSM' ? 'managed-hsm' : 'vault';
    const vault = name === undefined ? this.#vault() : await this.#open({ name, kind });
    return await makeKey(vault, key, this.#parts);
  }

  /**
   * Gives a key its next version, without a request.
   *
   * @throws SimulatorError `invalid-option` if there is no such key
   */
  async rotateKey(id: string): Promise<CreatedAzureKey> {
    const { vault, name } = this.#parse(id);
    return await run('RotateKey', vault, name, '', {}, this.#parts);
  }

  /**
   * Enables or disables a version, without a request; the current one if `id` names none.
   *
   * @throws SimulatorError `invalid-option` if there is no such version
   */
  async setEnabled(id: string, enabled: boolean): Promise<void> {
    const { vault, name, version } = this.#parse(id);
    await run('UpdateKey', vault, name, version, { attributes: { enabled } }, this.#parts);
  }

  /** Ends every connection, answered or not, and frees the ports. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opening.values());
    await Promise.all(this.#servers.map(async (server) => { await server.close(); }));
    await Promise.all(this.#working);
  }

  #vault(name?: string): Vault {
    const { store } = this.#parts;
    const vault = name === undefined ? store.vaults()[0] : store.vault(name);
    if (vault === undefined) throw new SimulatorError('invalid-option', `There is no vault named "${name ?? ''}". Make it with createVault.`);
    return vault;
  }

  /** Takes `https://127.0.0.1:8592/keys/app/0123…` apart. */
  #parse(id: string): { readonly vault: Vault; readonly name: string; readonly version: string } {
    const [, url = '', name = '', version = ''] = /^(https:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]*))?$/.exec(id) ?? [];
    const vault = this.#parts.store.vaults().find((one) => one.url === url);
    if (vault === undefined) throw new SimulatorError('invalid-option', `No vault here has the key "${id}".`);
    return { vault, name, version };
  }

  async #open(wanted: NewVault): Promise<Vault> {
    const settings = checkVault(wanted);
    const id = settings.name.toLowerCase();
    const existing = this.#parts.store.vault(id) ?? (await this.#opening.get(id));
    if (existing !== undefined) return existing;
    const opening = this.#listen(settings, wanted.port ?? this.#nextPort()).finally(() => this.#opening.delete(id));
    this.#opening.set(id, opening);
    return await opening;
  }

  async #listen(settings: ReturnType<typeof checkVault>, wantedPort: number): Promise<Vault> {
    let vault: Vault | undefined;
    const server = await listenOnLoopback(
      wantedPort,
      (request, response) => {
        if (vault === undefined) response.destroy();
        else this.#serve(request, response, vault);
      },
      this.#certificate,
    );
    this.#servers.push(server);
    const { port } = server;
    vault = { ...settings, port, url: `https://${LOOPBACK}:${port}`, keys: new Map() };
    this.#parts.store.addVault(vault);
    return vault;
  }

  #nextPort(): number {
    const { port, identityPort } = this.#parts.settings;
    if (port === 0) return 0;
    const taken = new Set([identityPort, ...this.#parts.store.vaults().map((vault) => vault.port)]);
    let next = port;
    while (taken.has(next)) next += 1;
    return next;
  }

  #serve(request: IncomingMessage, response: ServerResponse, vault: Vault): void {
    // A connection that breaks while the request is read leaves no one to answer.
    const work = respond(request, response, vault, this.#parts, this.#shared).catch(() => {
      response.destroy();
    });
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  vault: Vault,
  parts: VaultServiceParts,
  { faults, requests }: Pick<Controlled, 'faults' | 'requests'>,
): Promise<void> {
  const gone = connectionGone(response);
  const body = await readBody(request, BODY_LIMIT);
  const call = readCall(request, body, { vault, store: parts.store, tenant: parts.settings.tenant });
  const delivery = await underFault({
    facts: call.facts,
    faults,
    requests,
    gone,
    work: async (effect) => await answerCall(call, effect, vault, parts),
  });
  deliverHttp(response, delivery);
}
