import type { ProviderName } from '../providers.js';

/** The ways to name one key: faults and counts may use any of them. */
export interface KeyNames {
  /** The full, resolved name: a key ARN, a resource name, a key URL. As sent, if it did not resolve. */
  readonly name: string;
  /** Every other name the key answers to: its id, its aliases, what the caller sent. */
  readonly otherNames: readonly string[];
}

/** What is known of a request before it is answered. Never holds a plaintext or a ciphertext. */
export interface RequestFacts {
  readonly provider: ProviderName;
  /** AWS Region, from the signature's credential scope; Google Cloud location; Azure region; empty if there was none. */
  readonly region: string;
  /** AWS account of the caller; Google Cloud project of the key; Azure tenant; empty if it could not be told. */
  readonly account: string;
  /** Name of the Azure vault or managed HSM. */
  readonly vault?: string;
  /** As the service's documentation spells it: `Decrypt`; empty if there was none. */
  readonly operation: string;
  /** Key id exactly as the caller sent it, for a request that named one. */
  readonly keyId?: string;
  /** The keys that the request uses; the source before the destination. */
  readonly keys: readonly KeyNames[];
  /** Encryption context of the request; of the source where there are two. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
  /** Encryption context under which `ReEncrypt` encrypts again. */
  readonly destinationEncryptionContext?: Readonly<Record<string, string>>;
}
