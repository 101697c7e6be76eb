import type { AzureKeyVaultClient, AzureKeyVaultClientOptions, AzureKeyVaultCredential } from '../clients/vault-client.js';
import type { AzureKeyVaultAlgorithm } from '../provider.js';

export interface AzureKeyVaultKeyringOptions {
  /**
   * The KEK: `https://<vault>.vault.azure.net/keys/<name>` or `https://<hsm>.managedhsm.azure.net/keys/<name>`, or in
   * another of Azure's clouds. It wraps with the newest version, or with the one at the end of the identifier; all
   * versions are unwrapped with.
   */
  readonly key: string;
  /**
   * How `key` wraps: `RSA-OAEP-256` with an RSA key, `A256KW` with an AES key of 256 bits in a Managed HSM. Default: `A256KW`
   * for the hosts of Managed HSMs, otherwise `RSA-OAEP-256`. Both are unwrapped with.
   */
  readonly algorithm?: AzureKeyVaultAlgorithm;
  /**
   * Keys, named in the same way, that are unwrapped with and never wrapped with: what `key` was before, until everything
   * has been rewrapped.
   */
  readonly alsoUnwrap?: readonly string[];
  /** Deadline in ms for one request, the search for a token and retries included: 1 to 2,147,483,647. Default 10,000. */
  readonly timeoutMs?: number;
  /**
   * How often a request is made at most when the service is out of reach, or its answer cannot be read: 1 to 10. The SDK's
   * own retries, whose waits are longer, are switched off. Default 3; with `client`, whose retries are its own, 1.
   */
  readonly maxAttempts?: number;
  /** What is authenticated with. Default: a `DefaultAzureCredential` of `@azure/identity`, which is loaded when it is needed. */
  readonly credential?: AzureKeyVaultCredential;
  /** Settings for the clients that the keyring makes, such as `{ serviceVersion: '7.6' }`. Redirects are never followed. */
  readonly clientOptions?: AzureKeyVaultClientOptions;
  /**
   * Makes the client for a key, or for a version of one: `https://…/keys/<name>` or `https://…/keys/<name>/<version>`. It is
   * called once for each. A `CryptographyClient` that is made from such an identifier asks for the key before its first
   * call, which needs the permission `get`; those that the keyring makes do not. Not together with `credential` and
   * `clientOptions`.
   */
  readonly client?: (id: string) => AzureKeyVaultClient;
  /**
   * Hosts that are not of Azure's clouds and that data keys are sent to all the same, with their ports: a simulator
   * (`127.0.0.1:8443`), a private cloud. Without it, only keys in Azure's own clouds can be named.
   */
  readonly trustedHosts?: readonly string[];
}
