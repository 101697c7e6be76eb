import { algorithmFor, PROTECTION_LEVELS, PURPOSES } from '../keys/algorithms.js';
import { DAY, type CryptoKey } from '../keys/crypto-key.js';
import { makeMaterial, nextVersion } from '../keys/make-version.js';
import { cryptoKeyName, isId, requireCryptoKey, requireKeyRing } from '../keys/resource-name.js';
import { requireEnabled, requirePurpose } from '../keys/version-state.js';
import { invalidArgument, ServiceError } from '../protocol/service-error.js';
import type { Operation } from './operation.js';
import { page, type ListRequest } from './page.js';
import { milliseconds, readRotation, type Duration, type RotationFields } from './rotation.js';
import { cryptoKeyView } from './views.js';

/** The fields of a `CryptoKey` that a caller may set. */
interface NewCryptoKey extends RotationFields {
  readonly purpose: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly versionTemplate: { readonly protectionLevel: string; readonly algorithm: string } | null;
  readonly destroyScheduledDuration: Duration;
}

interface CreateRequest {
  readonly parent: string;
  readonly cryptoKeyId: string;
  readonly cryptoKey: NewCryptoKey | null;
  readonly skipInitialVersionCreation: boolean;
}

/** Makes a symmetric or RSA key with its first version. */
export const createCryptoKey: Operation<CreateRequest> = async (request, { store, now }) => {
  const { parent, cryptoKeyId, cryptoKey, skipInitialVersionCreation } = request;
  const ring = requireKeyRing(parent);
  store.keyRing(ring);
  if (!isId(cryptoKeyId)) throw invalidArgument('The id of a key has 1 to 63 letters, digits, - and _.');
  if (cryptoKey === null) throw invalidArgument('crypto_key is required.');
  const key: CryptoKey = { ...ring, cryptoKey: cryptoKeyId, createdAt: now, versions: [], ...settingsOf(cryptoKey) };
  assertNew(key);
  if (!skipInitialVersionCreation) {
    const first = nextVersion(key, await makeMaterial(key.algorithm), now);
    key.versions.push(first);
    if (key.purpose === 'ENCRYPT_DECRYPT') key.primary = first.version;
    // Making an RSA key takes time, in which another caller may have made a key of that name.
    assertNew(key);
  }
  store.addKey(key);
  return cryptoKeyView(key);

  function assertNew(name: CryptoKey): void {
    if (store.findKey(name) === undefined) return;
    throw new ServiceError('ALREADY_EXISTS', `CryptoKey ${cryptoKeyName(name)} already exists.`);
  }
};

/** Versions that shall be destroyed wait for 30 days by default, and for a day at least. */
const DESTROY_SCHEDULED = 30 * DAY;

function settingsOf(fields: NewCryptoKey): Omit<CryptoKey, 'project' | 'location' | 'keyRing' | 'cryptoKey' | 'createdAt' | 'versions'> {
  const purpose = PURPOSES.find((one) => one === fields.purpose);
  if (purpose === undefined) {
    if (fields.purpose === 'CRYPTO_KEY_PURPOSE_UNSPECIFIED') throw invalidArgument('crypto_key.purpose is required.');
    throw new ServiceError('UNIMPLEMENTED', `Keys of purpose ${fields.purpose} are not simulated.`);
  }
  const template = fields.versionTemplate;
  const level = template === null || template.protectionLevel === 'PROTECTION_LEVEL_UNSPECIFIED' ? 'SOFTWARE' : template.protectionLevel;
  const protectionLevel = PROTECTION_LEVELS.find((one) => one === level);
  if (protectionLevel === undefined) throw new ServiceError('UNIMPLEMENTED', `Protection level ${level} is not simulated.`);
  const unnamed = template === null || template.algorithm === 'CRYPTO_KEY_VERSION_ALGORITHM_UNSPECIFIED';
  const named = unnamed ? (purpose === 'ENCRYPT_DECRYPT' ? 'GOOGLE_SYMMETRIC_ENCRYPTION' : '') : template.algorithm;
  const algorithm = algorithmFor(purpose, named);
  if (algorithm === undefined) throw invalidArgument(`Algorithm ${named || '(none)'} is not one of purpose ${purpose}.`);
  const destroyScheduledMs = milliseconds(fields.destroyScheduledDuration) ?? DESTROY_SCHEDULED;
  if (destroyScheduledMs < DAY || destroyScheduledMs > 120 * DAY) {
    throw invalidArgument('destroy_scheduled_duration must be from 24 hours to 120 days.');
  }
  const rotation = readRotation(fields, purpose);
  return { purpose, protectionLevel, algorithm, destroyScheduledMs, labels: fields.labels, rotation, primary: undefined };
}

export const getCryptoKey: Operation<{ name: string }> = ({ name }, { store }) => cryptoKeyView(store.key(requireCryptoKey(name)));

export const listCryptoKeys: Operation<ListRequest> = (request, { store }) => {
  const ring = requireKeyRing(request.parent);
  store.keyRing(ring);
  return page('cryptoKeys', store.keysIn(ring).map(cryptoKeyView), request);
};

interface UpdateRequest {
  readonly cryptoKey: (NewCryptoKey & { readonly name: string }) | null;
  readonly updateMask: { readonly paths: readonly string[] } | null;
}

const UPDATABLE = ['labels', 'rotation_period', 'next_rotation_time'];

/** Changes labels and the rotation schedule. */
export const updateCryptoKey: Operation<UpdateRequest> = ({ cryptoKey: fields, updateMask }, { store }) => {
  const key = store.key(requireCryptoKey(fields?.name ?? ''));
  const paths = updateMask?.paths ?? [];
  if (fields === null || paths.length === 0) throw invalidArgument('update_mask is required.');
  const other = paths.find((path) => !UPDATABLE.includes(path));
  if (other !== undefined) throw new ServiceError('UNIMPLEMENTED', `Updates of ${other} are not simulated.`);
  const schedule = paths.some((path) => path !== 'labels') ? { rotation: readRotation(fields, key.purpose) } : {};
  store.update(key, (one) => {
    if (paths.includes('labels')) one.labels = fields.labels;
    Object.assign(one, schedule);
  });
  return cryptoKeyView(key);
};

/** Lets another version encrypt from now on. */
export const updateCryptoKeyPrimaryVersion: Operation<{ name: string; cryptoKeyVersionId: string }> = (request, { store }) => {
  const name = requireCryptoKey(request.name);
  const { key, version } = store.version({ ...name, version: request.cryptoKeyVersionId });
  requirePurpose(key, 'ENCRYPT_DECRYPT');
  requireEnabled(key, version);
  store.update(key, (one) => {
    one.primary = version.version;
  });
  return cryptoKeyView(key);
};
