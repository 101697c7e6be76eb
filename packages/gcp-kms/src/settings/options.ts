import type { GcpKmsClient, GcpKmsClientOptions } from '../clients/kms-client.js';

export interface GcpKmsKeyringOptions {
  /**
   * The KEK. A symmetric key is named without a version, because the service chooses it:
   * `projects/…/locations/…/keyRings/…/cryptoKeys/…`. An RSA key (purpose asymmetric decryption) is named with the
   * version to wrap with: `…/cryptoKeyVersions/1`; all its versions are unwrapped with.
   */
  readonly key: string;
  /**
   * Keys, named in the same way, that are unwrapped with and never wrapped with: what `key` was before, until everything
   * has been rewrapped.
   */
  readonly alsoUnwrap?: readonly string[];
  /** Deadline in ms for one request, retries included: 1 to 2,147,483,647. Default 10,000. */
  readonly timeoutMs?: number;
  /**
   * How often a request is made at most when the service is out of reach, or its answer does not verify: 1 to 10. The
   * SDK's own retries, which go on for minutes, are switched off. Default 3.
   */
  readonly maxAttempts?: number;
  /**
   * Your own `KeyManagementServiceClient`. It stays yours: `close` does not touch it. Default: the keyring makes one, with
   * Application Default Credentials.
   */
  readonly client?: GcpKmsClient;
  /**
   * Settings for the client that the keyring makes, such as `{ apiEndpoint: 'cloudkms.europe-west3.rep.googleapis.com' }`.
   * Not together with `client`.
   */
  readonly clientOptions?: GcpKmsClientOptions;
}
