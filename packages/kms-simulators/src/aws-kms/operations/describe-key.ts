import { keyArn } from '../keys/arn.js';
import { keyMetadata } from '../keys/key-metadata.js';
import { resolveKey } from '../keys/resolve-key.js';
import type { Operation } from './operation.js';
import { page } from './page.js';

/** What is known of a key, whatever its state. */
export const describeKey: Operation = (input, context) => {
  const key = resolveKey(input.text('KeyId'), context);
  return { KeyMetadata: keyMetadata(key, context.store, context.now) };
};

/** The caller's keys in this Region. */
export const listKeys: Operation = (input, { store, caller }) => {
  const keys = store.keys().filter((key) => key.account === caller.account && key.region === caller.region);
  return page(input, 'Keys', 100, 1000, keys.map((key) => ({ KeyArn: keyArn(key), KeyId: key.keyId })));
};
