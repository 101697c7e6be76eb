import type { AwsKmsClient, AwsKmsClientConfig } from '../clients/kms-client.js';
import type { AwsKmsAlgorithm } from '../provider.js';

export interface AwsKmsKeyringOptions {
  /**
   * The KEK: a key ARN, an alias ARN, an alias name (`alias/app`) or a key id. ARNs are best: they say which account and
   * Region is meant. What is written into envelopes is always the ARN of the key that was used.
   */
  readonly key: string;
  /**
   * Region to call, or Regions in order of preference: the next one is called when one fails. Several only for a
   * multi-Region key (`mrk-…`), and only those named here are ever called. Default: the Region of the ARN; for other
   * names the SDK's own (`AWS_REGION`, the profile).
   */
  readonly region?: string | readonly string[];
  /**
   * ARNs of keys that are unwrapped with and never wrapped with: what `key` was before, until everything has been
   * rewrapped.
   */
  readonly alsoUnwrap?: readonly string[];
  /**
   * How `key` wraps: `RSAES_OAEP_SHA_256` for an RSA key. Unwrapping goes by what each wrapped key says. Default
   * `SYMMETRIC_DEFAULT`.
   */
  readonly algorithm?: AwsKmsAlgorithm;
  /**
   * Deadline in ms for one request, the SDK's own retries included: 1 to 2,147,483,647. A multi-Region key has it anew in
   * each Region. Default 10,000.
   */
  readonly timeoutMs?: number;
  /**
   * Your own `KMSClient`, or a function that gives one for a Region, called once for each. It stays yours: `close` does
   * not touch it. Default: the keyring makes clients, with the SDK's default credential chain.
   */
  readonly client?: AwsKmsClient | ((region: string) => AwsKmsClient);
  /** Settings for the clients that the keyring makes, such as `{ useFipsEndpoint: true }`. Not together with `client`. */
  readonly clientConfig?: AwsKmsClientConfig;
}
