import type { Operation } from './operation.js';
import { keyBundle } from './views.js';

/** The public part and the attributes of a version, disabled or not. */
export const getKey: Operation = ({ vault, name, version: named }, { store }) => {
  const { key, version } = store.version(vault, name, named);
  return keyBundle(vault, key, version);
};
