import type { CryptographyClientOptions, KeyClient } from '@azure/keyvault-keys';
import type { AzureKeyVaultAlgorithm } from '../provider.js';

/**
 * What the keyring needs of a client: a `CryptographyClient` of `@azure/keyvault-keys`, or anything that answers alike.
 * It is made for one key, or for one version of one.
 */
export interface AzureKeyVaultClient {
  wrapKey(algorithm: AzureKeyVaultAlgorithm, key: Uint8Array, options: AzureKeyVaultCallOptions): Promise<AzureKeyVaultAnswer>;
  unwrapKey(algorithm: AzureKeyVaultAlgorithm, encryptedKey: Uint8Array, options: AzureKeyVaultCallOptions): Promise<AzureKeyVaultAnswer>;
}

/** Handed to the client with every call. */
export interface AzureKeyVaultCallOptions {
  abortSignal: AbortSignal;
  /**
   * Is called with what the service answered, before the call resolves. The `kid` in `parsedBody` is the one version that
   * was used; the `keyID` that a `CryptographyClient` returns is the version that was the newest when it was made.
   */
  onResponse: (response: { readonly status?: number; readonly parsedBody?: unknown }) => void;
}

/** What is used of a client's answer. */
export interface AzureKeyVaultAnswer {
  readonly result: Uint8Array;
}

/** Settings of the SDK for the clients that the keyring makes. */
export type AzureKeyVaultClientOptions = CryptographyClientOptions;

/** A `TokenCredential`, as those of `@azure/identity` are. */
export type AzureKeyVaultCredential = ConstructorParameters<typeof KeyClient>[1];
