import type { IncomingMessage, ServerResponse } from 'node:http';
import { SimulatorError } from '../../shared/errors.js';
import { listenOnLoopback, LOOPBACK, type LoopbackServer } from '../../shared/net/loopback-server.js';
import type { Certificate } from '../certificate/self-signed.js';
import type { KeyStore } from '../keys/key-store.js';
import type { LoadedVault } from '../keys/stored-keys.js';
import type { Vault, VaultSettings } from '../keys/vault.js';

/** Answers a request to a vault. */
export type VaultHandler = (request: IncomingMessage, response: ServerResponse, vault: Vault) => void;

/**
 * Listens for the vaults, on a port for each. In the cloud the host's name tells vaults apart. Here it
 * cannot: the name of a vault would have to resolve to 127.0.0.1, which no system promises, not even
 * below localhost; and a path before /keys is none that SDKs read a key's id with.
 */
export class VaultServers {
  readonly #store: KeyStore;
  readonly #certificate: Certificate;
  readonly #handler: VaultHandler;
  readonly #firstPort: number;
  readonly #servers: LoopbackServer[] = [];
  readonly #opening = new Map<string, Promise<Vault>>();

  /** @param firstPort Port of the first vault, the next ones follow; 0 lets the system choose each. */
  constructor(store: KeyStore, certificate: Certificate, firstPort: number, handler: VaultHandler) {
    this.#store = store;
    this.#certificate = certificate;
    this.#firstPort = firstPort;
    this.#handler = handler;
  }

  /** Opens a vault, unless there is one of this name. @throws SimulatorError `port-in-use`, `invalid-option` */
  async open(settings: VaultSettings, port?: number): Promise<Vault> {
    const name = settings.name.toLowerCase();
    const existing = this.#store.vault(name) ?? this.#opening.get(name);
    if (existing !== undefined) return await existing;
    const opening = this.#listen({ settings, keys: [] }, port ?? this.#nextPort());
    this.#opening.set(name, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(name);
    }
  }

  /** Opens the vaults of the state file, first those whose port is fixed. @throws SimulatorError `port-in-use` */
  async reopen(loaded: readonly LoadedVault[]): Promise<void> {
    for (const vault of loaded) if (vault.port !== undefined) await this.#reopen(vault, vault.port);
    for (const vault of loaded) if (vault.port === undefined) await this.#listen(vault, this.#nextPort());
  }

  /** Ends every connection, answered or not, and frees the ports. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opening.values());
    await Promise.all(this.#servers.map(async (server) => {
      await server.close();
    }));
  }

  async #reopen(vault: LoadedVault, port: number): Promise<void> {
    try {
      await this.#listen(vault, port);
    } catch (error) {
      if (!SimulatorError.isInstance(error) || error.code !== 'port-in-use') throw error;
      const { settings } = vault;
      throw new SimulatorError(
        'port-in-use',
        `Port ${port} of ${LOOPBACK} is taken, and the ids of the keys in vault ${settings.name} hold it. Free the port, or take another state file.`,
        { cause: error },
      );
    }
  }

  async #listen({ settings, keys }: Pick<LoadedVault, 'settings' | 'keys'>, wanted: number): Promise<Vault> {
    const opened: { vault?: Vault } = {};
    const server = await listenOnLoopback(
      wanted,
      (request, response) => {
        if (opened.vault === undefined) response.destroy();
        else this.#handler(request, response, opened.vault);
      },
      this.#certificate,
    );
    this.#servers.push(server);
    const { port } = server;
    const vault: Vault = { ...settings, port, url: `https://${LOOPBACK}:${port}`, keys: new Map() };
    for (const key of keys) vault.keys.set(key.name.toLowerCase(), key);
    this.#store.addVault(vault);
    opened.vault = vault;
    return vault;
  }

  #nextPort(): number {
    if (this.#firstPort === 0) return 0;
    const taken = new Set(this.#store.vaults().map(({ port }) => port));
    let next = this.#firstPort;
    while (taken.has(next)) next += 1;
    return next;
  }
}
