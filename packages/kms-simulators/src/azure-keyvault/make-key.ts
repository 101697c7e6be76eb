import { randomUUID } from 'node:crypto';
import { SimulatorError } from '../shared/errors.js';
import { keyId } from './keys/key-id.js';
import type { KeyOperation, KeyType } from './keys/key.js';
import type { ParsedId } from './key-lookup.js';
import type { Vault } from './keys/vault.js';
import type { Output } from './operations/operation.js';
import { JsonBody } from './protocol/json-body.js';
import { VaultError } from './protocol/vault-error.js';
import { runOperation, type VaultServiceParts } from './vault-service.js';

/** A key to be made without a request. */
export interface NewAzureKey {
  /** Name of its vault, which is made unless it exists; default: the first vault. */
  readonly vault?: string;
  /** Name of the key; default: a random one. An existing one gets its next version. */
  readonly name?: string;
  /** Default `RSA`; `oct-HSM` in a managed HSM alone. */
  readonly kty?: KeyType;
  /** Bits: 2048, 3072 or 4096 of an RSA key; 128, 192 or 256 of an `oct-HSM` key. Default 2048 and 256. */
  readonly size?: number;
  /** What it may be used for; default: everything that its type can do. */
  readonly operations?: readonly KeyOperation[];
}

/** A version that was made. */
export interface CreatedAzureKey {
  /** Of the version: `https://127.0.0.1:8592/keys/app/0123…`. */
  readonly id: string;
  /** Of the key, whatever its current version: `https://127.0.0.1:8592/keys/app`. */
  readonly keyId: string;
  readonly vaultUrl: string;
  readonly name: string;
  /** 32 hexadecimal digits. */
  readonly version: string;
}

/** @throws SimulatorError `invalid-option` if the service would refuse it */
export async function makeKey(vault: Vault, key: NewAzureKey, parts: VaultServiceParts): Promise<CreatedAzureKey> {
  const { name = `key-${randomUUID()}`, kty = 'RSA', size, operations } = key;
  return created(vault, await runUncounted('CreateKey', { vault, name, version: '' }, { kty, key_size: size, key_ops: operations }, parts));
}

/** @throws SimulatorError `invalid-option` if there is no such key */
export async function rotateKey({ vault, name }: ParsedId, parts: VaultServiceParts): Promise<CreatedAzureKey> {
  return created(vault, await runUncounted('RotateKey', { vault, name, version: '' }, {}, parts));
}

/** Runs an operation without a request. @throws SimulatorError `invalid-option` if the service would refuse it */
export async function runUncounted(
  operation: string,
  target: ParsedId,
  fields: Readonly<Record<string, unknown>>,
  parts: VaultServiceParts,
): Promise<Output> {
  try {
    return await runOperation(operation, { ...target, query: new URLSearchParams(), body: new JsonBody(fields) }, parts);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new SimulatorError('invalid-option', `${operation} was refused: ${error.code}: ${error.message.trim()}`, { cause: error });
  }
}

function created({ url: vaultUrl }: Vault, output: Output): CreatedAzureKey {
  const { kid: id } = output?.['key'] as { readonly kid: string };
  const [name = '', version = ''] = id.split('/').slice(-2);
  return { id, keyId: keyId({ url: vaultUrl }, { name }), vaultUrl, name, version };
}
