/** A key management service, named as Keyfold's keyrings name it. */
export type ProviderName = 'aws-kms' | 'gcp-kms' | 'azure-keyvault';

/** A running server of one provider, as the parts that all providers share see it. */
export interface ProviderServer {
  readonly provider: ProviderName;
  /** Where an SDK client is pointed, e.g. `http://127.0.0.1:8590`. */
  readonly endpoint: string;
  /** Ends every connection, answered or not, and frees the port. */
  close(): Promise<void>;
}
