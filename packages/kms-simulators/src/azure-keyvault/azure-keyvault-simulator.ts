import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Controlled } from '../shared/control/controlled.js';
import { SimulatorError } from '../shared/errors.js';
import { listenOnLoopback, LOOPBACK, type LoopbackServer } from '../shared/net/loopback-server.js';
import type { ProviderServer } from '../shared/providers.js';
import { checkAzureKeyVaultOptions, checkVault, type AzureKeyVaultOptions, type NewVault } from './azure-keyvault-options.js';
import { selfSigned, type Certificate } from './certificate/self-signed.js';
import { credential, environment, type AzureClientOptions, type AzureCredential } from './client-options.js';
import { respondWithToken } from './identity/identity-server.js';
import { issueToken, type Token } from './identity/tokens.js';
import { findKey, parseId, type FoundAzureKey } from './key-lookup.js';
import { KeyStore } from './keys/key-store.js';
import { loadVaults, storeVaults } from './keys/stored-keys.js';
import { AUDIENCES, type Vault } from './keys/vault.js';
import { makeKey, rotateKey, runUncounted, type CreatedAzureKey, type NewAzureKey } from './make-key.js';
import { VaultServers } from './protocol/vault-servers.js';
import { respond, type VaultServiceParts } from './vault-service.js';

const SECTION = 'azure-keyvault';

/** A simulated Azure Key Vault: each vault and managed HSM on a port of its own, over HTTPS. */
export class AzureKeyVaultSimulator implements ProviderServer {
  readonly provider = 'azure-keyvault';
  /** A credential for the SDK's clients, without any request. */
  readonly credential: AzureCredential;
  readonly #certificate: Certificate;
  readonly #parts: VaultServiceParts;
  readonly #vaults: VaultServers;
  readonly #working = new Set<Promise<void>>();
  #identity: LoopbackServer | undefined;

  private constructor(certificate: Certificate, parts: VaultServiceParts, shared: Pick<Controlled, 'faults' | 'requests'>) {
    const { settings, store } = parts;
    this.#certificate = certificate;
    this.#parts = parts;
    this.credential = credential(settings.tenant);
    this.#vaults = new VaultServers(store, certificate, settings.port, (request, response, vault) => {
      this.#answer(response, respond(request, response, vault, parts, shared));
    });
  }

  /** @internal Use `startSimulators`. */
  static async start(options: AzureKeyVaultOptions, shared: Omit<Controlled, 'servers'>): Promise<AzureKeyVaultSimulator> {
    const settings = checkAzureKeyVaultOptions(options);
    const { clock, state } = shared;
    const store = new KeyStore();
    const { vaults, certificate = selfSigned() } = loadVaults(state.section(SECTION));
    const simulator = new AzureKeyVaultSimulator(certificate, { store, settings, clock, state }, shared);
    try {
      await simulator.#vaults.reopen(vaults);
      for (const vault of settings.vaults) await simulator.createVault(vault);
      simulator.#identity = await simulator.#listenForIdentity(settings.identityPort, shared);
      store.changed = false;
      state.provide(SECTION, () => storeVaults(store, certificate));
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

  /** The certificate of every vault, PEM, the same as long as there is a state file; for `ca` in TLS options, or a file that `NODE_EXTRA_CA_CERTS` names. */
  get ca(): string {
    return this.#certificate.cert;
  }

  /** Where programs get tokens of a managed identity, for `IDENTITY_ENDPOINT`. */
  get identityEndpoint(): string {
    return `http://${LOOPBACK}:${this.#identity?.port ?? 0}/msi/token`;
  }

  /** URLs by name of all vaults and managed HSMs. */
  get vaultUrls(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#parts.store.vaults().map(({ name, url }) => [name, url]));
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
   * The variables with which a `DefaultAzureCredential` gets its tokens here.
   *
   * @param caFile A file that holds {@link AzureKeyVaultSimulator.ca}; Node reads it when it starts.
   */
  environment(caFile?: string): Record<string, string> {
    return environment(this.identityEndpoint, caFile);
  }

  /** A token, without a request: also one for another service, or one whose time is over. */
  token({ audience = AUDIENCES.vault, lifetimeMs = 3_600_000 }: { audience?: string; lifetimeMs?: number } = {}): Token {
    return issueToken({ audience, lifetimeMs, tenant: this.#parts.settings.tenant });
  }

  /**
   * Makes a vault or managed HSM, unless there is one of that name; returns its URL.
   *
   * @throws SimulatorError `invalid-option`, `port-in-use`
   * @example
   * ```ts
   * const url = await sim.azure.createVault({ name: 'hsm', kind: 'managed-hsm', region: 'northeurope' });
   * ```
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
    return await makeKey(name === undefined ? this.#vault() : await this.#open({ name, kind }), key, this.#parts);
  }

  /** The key that an id means, with or without a version; `undefined` if there is none. No request. */
  findKey(id: string): FoundAzureKey | undefined {
    return findKey(id, this.#parts);
  }

  /**
   * Gives a key its next version, without a request.
   *
   * @throws SimulatorError `invalid-option` if there is no such key
   */
  async rotateKey(id: string): Promise<CreatedAzureKey> {
    return await rotateKey(parseId(id, this.#parts), this.#parts);
  }

  /**
   * Enables or disables a version, without a request; the current one if `id` names none.
   *
   * @throws SimulatorError `invalid-option` if there is no such version
   */
  async setEnabled(id: string, enabled: boolean): Promise<void> {
    await runUncounted('UpdateKey', parseId(id, this.#parts), { attributes: { enabled } }, this.#parts);
  }

  /** Ends every connection, answered or not, and frees the ports. */
  async close(): Promise<void> {
    await Promise.all([this.#vaults.close(), this.#identity?.close()]);
    await Promise.all(this.#working);
  }

  #vault(name?: string): Vault {
    const { store, settings } = this.#parts;
    const vault = store.vault(name ?? settings.vaults[0]?.name ?? '');
    if (vault === undefined) throw new SimulatorError('invalid-option', `There is no vault named "${name ?? ''}". Make it with createVault.`);
    return vault;
  }

  async #open(wanted: NewVault): Promise<Vault> {
    return await this.#vaults.open(checkVault(wanted), wanted.port);
  }

  async #listenForIdentity(port: number, shared: Pick<Controlled, 'faults' | 'requests'>): Promise<LoopbackServer> {
    return await listenOnLoopback(port, (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(response, respondWithToken(request, response, this.#parts.settings.tenant, shared));
    });
  }

  #answer(response: ServerResponse, answering: Promise<void>): void {
    // A connection that breaks while the request is read leaves no one to answer.
    const work = answering.catch(() => {
      response.destroy();
    });
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }
}
