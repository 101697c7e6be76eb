import { KEY_OPERATIONS } from '../keys/key.js';
import { notSimulated } from '../protocol/vault-error.js';
import { readAttributes } from './attributes.js';
import type { Operation } from './operation.js';
import { keyBundle } from './views.js';

/** Changes attributes, operations and tags of one version; what is left out stays. */
export const updateKey: Operation = ({ vault, name, version: named, body }, { store, now }) => {
  const { key, version } = store.version(vault, name, named);
  if (body.has('release_policy')) throw notSimulated('The release of keys');
  const attributes = readAttributes(body.object('attributes'));
  const operations = body.choices('key_ops', KEY_OPERATIONS) ?? version.operations;
  const tags = body.pairs('tags') ?? version.tags;
  store.update(version, (one) => {
    Object.assign(one, { ...attributes, operations, tags, updatedAt: now });
  });
  return keyBundle(vault, key, version);
};
