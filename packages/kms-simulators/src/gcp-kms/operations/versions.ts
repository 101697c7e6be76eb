import type { CryptoKey, KeyVersion } from '../keys/crypto-key.js';
import { makeMaterial, nextVersion } from '../keys/make-version.js';
import { requireCryptoKey, requireVersion, versionName } from '../keys/resource-name.js';
import { failedPrecondition, invalidArgument, ServiceError } from '../protocol/service-error.js';
import type { Operation } from './operation.js';
import { page, type ListRequest } from './page.js';
import { versionView } from './views.js';

/** Adds a version; which one encrypts does not change. */
export const createCryptoKeyVersion: Operation<{ parent: string }> = async ({ parent }, { store, now }) => {
  const key = store.key(requireCryptoKey(parent));
  const material = await makeMaterial(key.algorithm);
  const version = nextVersion(key, material, now);
  store.update(key, ({ versions }) => {
    versions.push(version);
  });
  return versionView(key, version);
};

export const getCryptoKeyVersion: Operation<{ name: string }> = ({ name }, { store }) => {
  const { key, version } = store.version(requireVersion(name));
  return versionView(key, version);
};

export const listCryptoKeyVersions: Operation<ListRequest> = (request, { store }) => {
  const key = store.key(requireCryptoKey(request.parent));
  return page('cryptoKeyVersions', key.versions.map((version) => versionView(key, version)), request);
};

interface UpdateRequest {
  readonly cryptoKeyVersion: { readonly name: string; readonly state: string } | null;
  readonly updateMask: { readonly paths: readonly string[] } | null;
}

/** Enables or disables a version. */
export const updateCryptoKeyVersion: Operation<UpdateRequest> = ({ cryptoKeyVersion: fields, updateMask }, { store }) => {
  const { key, version } = store.version(requireVersion(fields?.name ?? ''));
  const paths = updateMask?.paths ?? [];
  if (paths.length === 0) throw invalidArgument('update_mask is required.');
  const other = paths.find((path) => path !== 'state');
  if (other !== undefined) throw new ServiceError('UNIMPLEMENTED', `Updates of ${other} are not simulated.`);
  const state = (['ENABLED', 'DISABLED'] as const).find((one) => one === fields?.state);
  if (state === undefined) throw invalidArgument('A version can be updated to ENABLED and to DISABLED alone.');
  requireState(key, version, ['ENABLED', 'DISABLED']);
  store.update(version, (one) => {
    one.state = state;
  });
  return versionView(key, version);
};

/** Schedules a version to be destroyed; until then it can be restored. */
export const destroyCryptoKeyVersion: Operation<{ name: string }> = ({ name }, { store, now }) => {
  const { key, version } = store.version(requireVersion(name));
  requireState(key, version, ['ENABLED', 'DISABLED']);
  store.update(version, (one) => {
    one.state = 'DESTROY_SCHEDULED';
    one.destroyAt = now + key.destroyScheduledMs;
  });
  return versionView(key, version);
};

/** Keeps a version that was scheduled to be destroyed. It is disabled then. */
export const restoreCryptoKeyVersion: Operation<{ name: string }> = ({ name }, { store }) => {
  const { key, version } = store.version(requireVersion(name));
  requireState(key, version, ['DESTROY_SCHEDULED']);
  store.update(version, (one) => {
    one.state = 'DISABLED';
    one.destroyAt = undefined;
  });
  return versionView(key, version);
};

function requireState(key: CryptoKey, version: KeyVersion, states: readonly KeyVersion['state'][]): void {
  if (states.includes(version.state)) return;
  throw failedPrecondition(
    `${versionName({ ...key, ...version })} must be ${states.join(' or ')} for this, current state is: ${version.state}.`,
  );
}
