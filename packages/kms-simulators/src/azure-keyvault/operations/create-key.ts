import { randomBytes } from 'node:crypto';
import { KEY_OPERATIONS, KEY_TYPES, type Key, type KeyOperation, type KeyType, type KeyVersion } from '../keys/key.js';
import { makeMaterial } from '../keys/key-material.js';
import type { Vault } from '../keys/vault.js';
import { badParameter, notSimulated, VaultError } from '../protocol/vault-error.js';
import { readAttributes } from './attributes.js';
import type { Operation, OperationContext } from './operation.js';
import { keyBundle } from './views.js';

const SIZES: Readonly<Record<KeyType, readonly [standard: number, ...others: number[]]>> = {
  RSA: [2048, 3072, 4096],
  'RSA-HSM': [2048, 3072, 4096],
  'oct-HSM': [256, 192, 128],
};
const ALL_OF: Readonly<Record<KeyType, readonly KeyOperation[]>> = {
  RSA: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
  'RSA-HSM': ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
  'oct-HSM': ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
};

/** Makes a key, or the next version of one that exists. */
export const createKey: Operation = async ({ vault, name, body }, context) => {
  if (!/^[0-9A-Za-z-]{1,127}$/.test(name)) throw badParameter(`The request URI contains an invalid name: ${name}`);
  requireNotDeleted(vault, name, context);
  const kty = keyType(vault, body.text('kty'));
  const size = body.integer('key_size') ?? SIZES[kty][0];
  if (!SIZES[kty].includes(size)) throw badParameter(`Key size ${size} is not supported for key type ${kty}.`);
  const operations = body.choices('key_ops', KEY_OPERATIONS) ?? ALL_OF[kty];
  if (body.has('release_policy') || body.object('attributes').flag('exportable') === true) throw notSimulated('The release of keys');
  const attributes = readAttributes(body.object('attributes'));
  const tags = body.pairs('tags') ?? {};
  return await addVersion({ vault, name, kty, size, operations, tags, ...attributes }, context);
};

/** Adds a version like the current one, with new key material; the attributes of the old one stay with it. */
export const rotateKey: Operation = async ({ vault, name }, context) => {
  const { version } = context.store.version(vault, name, '');
  const { kty, size, operations, tags } = version;
  return await addVersion({ vault, name, kty, size, operations, tags }, context);
};

type NewVersion = Pick<KeyVersion, 'kty' | 'size' | 'operations' | 'tags'> &
  Partial<Pick<KeyVersion, 'enabled' | 'notBefore' | 'expires'>> & { readonly vault: Vault; readonly name: string };

async function addVersion(
  { vault, name, kty, size, operations, tags, enabled, notBefore, expires }: NewVersion,
  context: OperationContext,
): Promise<ReturnType<typeof keyBundle>> {
  const { store, now } = context;
  const version: KeyVersion = {
    version: randomBytes(16).toString('hex'),
    kty,
    size,
    createdAt: now,
    updatedAt: now,
    material: await makeMaterial(kty, size),
    operations,
    enabled: enabled ?? true,
    notBefore,
    expires,
    tags,
  };
  // Making an RSA key takes a while, in which the same key may have been made, or deleted.
  requireNotDeleted(vault, name, context);
  const existing = store.findKey(vault, name);
  const key: Key = existing ?? { name, versions: [], deleted: undefined };
  if (existing === undefined) store.addKey(vault, key);
  store.update(key, ({ versions }) => {
    versions.push(version);
  });
  return keyBundle(vault, key, version);
}

function keyType({ kind }: Vault, text: string | undefined): KeyType {
  if (text === 'EC' || text === 'EC-HSM') throw notSimulated(`The key type ${text}`);
  const kty = KEY_TYPES.find((known) => known === text);
  if (kty === undefined) throw badParameter('Property kty has invalid value\r\n');
  if (kty === 'oct-HSM' && kind === 'vault') throw badParameter(`Key type ${kty} is not supported in this vault; it needs a managed HSM.`);
  // A managed HSM takes RSA too, and makes it RSA-HSM, for it holds no other keys.
  return kind === 'managed-hsm' && kty === 'RSA' ? 'RSA-HSM' : kty;
}

/** @throws VaultError `Conflict` while a deleted key of that name can be recovered */
function requireNotDeleted(vault: Vault, name: string, { store }: OperationContext): void {
  if (store.findKey(vault, name)?.deleted === undefined) return;
  throw new VaultError(
    409,
    'Conflict',
    `Key ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be ` +
      'recovered or purged.',
    { inner: 'ObjectIsDeletedButRecoverable' },
  );
}
