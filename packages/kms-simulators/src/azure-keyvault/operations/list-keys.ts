import type { Operation } from './operation.js';
import { page } from './page.js';
import { keyItem, versionItem } from './views.js';

/** The keys of a vault that are not deleted. */
export const getKeys: Operation = (request) => {
  const { vault } = request;
  const keys = [...vault.keys.values()].filter(({ deleted }) => deleted === undefined);
  return page(keys.map((key) => keyItem(vault, key)), 'keys', request);
};

/** The versions of a key; the service lists none where there is no such key, rather than refuse. */
export const getKeyVersions: Operation = (request, { store }) => {
  const { vault, name } = request;
  const key = store.findKey(vault, name);
  const versions = key === undefined || key.deleted !== undefined ? [] : key.versions.map((version) => versionItem(vault, key, version));
  return page(versions, `keys/${name}/versions`, request);
};
