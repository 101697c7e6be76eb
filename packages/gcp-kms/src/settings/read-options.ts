import { assertOptions, invalidArgument, readMaxAttempts, readTimeout } from '@keyfold/core/keyring';
import { readKey } from '../names/configured-key.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import type { GcpKmsKeyringOptions } from './options.js';

/** `GcpKmsKeyringOptions`, checked, defaults filled in. */
export interface Settings {
  /** How errors and reports name the keyring. */
  readonly name: string;
  readonly key: ConfiguredKey;
  /** Keys that are unwrapped with only. */
  readonly alsoUnwrap: readonly ConfiguredKey[];
  readonly timeoutMs: number;
  readonly maxAttempts: number;
}

/** Throws `invalid-argument`. */
export function readOptions(options: GcpKmsKeyringOptions): Settings {
  assertOptions(options, "gcpKmsKeyring({ key: 'projects/…/locations/…/keyRings/…/cryptoKeys/…' })");
  const key = readKey(options.key, 'options.key');
  assertClient(options);
  return {
    name: key.text,
    key,
    alsoUnwrap: readAlsoUnwrap(options.alsoUnwrap ?? []),
    timeoutMs: readTimeout(options.timeoutMs),
    maxAttempts: readMaxAttempts(options.maxAttempts),
  };
}

function readAlsoUnwrap(names: unknown): ConfiguredKey[] {
  if (!Array.isArray(names)) throw invalidArgument('options.alsoUnwrap', 'pass an array of names of keys.');
  return names.map((name: unknown) => readKey(name, 'options.alsoUnwrap'));
}

function assertClient({ client, clientOptions }: GcpKmsKeyringOptions): void {
  if (clientOptions !== undefined && (typeof (clientOptions as unknown) !== 'object' || (clientOptions as unknown) === null)) {
    throw invalidArgument('options.clientOptions', "pass the settings of a KeyManagementServiceClient, such as { apiEndpoint: '…' }.");
  }
  if (client === undefined) return;
  if (clientOptions !== undefined) throw invalidArgument('options.clientOptions', 'pass either client or clientOptions, not both.');
  const { encrypt, decrypt, asymmetricDecrypt, getPublicKey } = (client as Partial<typeof client> | null) ?? {};
  if ([encrypt, decrypt, asymmetricDecrypt, getPublicKey].every((method) => typeof method === 'function')) return;
  throw invalidArgument('options.client', 'pass a KeyManagementServiceClient of @google-cloud/kms.');
}
