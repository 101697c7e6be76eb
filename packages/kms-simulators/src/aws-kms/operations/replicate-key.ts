import { keyArn } from '../keys/arn.js';
import { keyMetadata } from '../keys/key-metadata.js';
import { requireUsable } from '../keys/key-state.js';
import { isPrimary, type KmsKey } from '../keys/kms-key.js';
import { resolveOwnKey } from '../keys/resolve-key.js';
import { isRegion } from '../protocol/credential-scope.js';
import { KmsError, validationError } from '../protocol/kms-error.js';
import type { Operation } from './operation.js';

/**
 * Makes a replica of a multi-Region key in another Region: same id and material, a state, a
 * description and aliases of its own. It cannot be used until it leaves state Creating.
 */
export const replicateKey: Operation = (input, context) => {
  const { store, now, replicaCreatingMs } = context;
  const region = input.text('ReplicaRegion', { max: 32 });
  const description = input.optionalText('Description', { min: 0, max: 8192 }) ?? '';
  const primary = resolveOwnKey(input.text('KeyId'), context);
  requireUsable(primary, now);
  if (!isPrimary(primary)) {
    throw new KmsError('UnsupportedOperationException', `${keyArn(primary)} is not a multi-Region primary key.`);
  }
  if (!isRegion(region) || context.regions?.has(region) === false) {
    throw validationError(`${region} is not a Region where the key can be replicated.`);
  }
  const replica: KmsKey = {
    ...primary,
    region,
    description,
    createdAt: now,
    usableFrom: now + replicaCreatingMs,
  };
  if (store.key(replica) !== undefined) {
    throw new KmsError('AlreadyExistsException', `${keyArn(replica)} already exists.`);
  }
  store.addKey(replica);
  // The service answers before the replica is ready, however quick it is.
  const metadata = { ...keyMetadata(replica, store, now), KeyState: 'Creating', Enabled: false };
  return { ReplicaKeyMetadata: metadata, ReplicaPolicy: defaultPolicy(replica.account), ReplicaTags: [] };
};

function defaultPolicy(account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}
