import { randomUUID } from 'node:crypto';
import { createMaterial, KEY_SPECS } from '../keys/key-material.js';
import { keyMetadata } from '../keys/key-metadata.js';
import { KEY_USAGES, type KmsKey } from '../keys/kms-key.js';
import { KmsError, validationError } from '../protocol/kms-error.js';
import type { Operation } from './operation.js';

/** Makes a symmetric or RSA key; with `MultiRegion` the primary of a multi-Region key. */
export const createKey: Operation = async (input, { store, caller, now }) => {
  const keySpec =
    input.choice('KeySpec', KEY_SPECS) ?? input.choice('CustomerMasterKeySpec', KEY_SPECS) ?? 'SYMMETRIC_DEFAULT';
  const keyUsage = input.choice('KeyUsage', KEY_USAGES);
  if (keyUsage === undefined && keySpec !== 'SYMMETRIC_DEFAULT') {
    throw validationError('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.');
  }
  if (keyUsage === 'SIGN_VERIFY' && keySpec === 'SYMMETRIC_DEFAULT') {
    throw validationError(`KeyUsage ${keyUsage} is not compatible with KeySpec ${keySpec}`);
  }
  const origin = input.optionalText('Origin') ?? 'AWS_KMS';
  if (origin !== 'AWS_KMS') {
    throw new KmsError('UnsupportedOperationException', `Keys of origin ${origin} are not simulated.`);
  }
  const description = input.optionalText('Description', { min: 0, max: 8192 }) ?? '';
  const multiRegion = input.flag('MultiRegion');
  const key: KmsKey = {
    keyId: multiRegion ? `mrk-${randomUUID().replaceAll('-', '')}` : randomUUID(),
    account: caller.account,
    region: caller.region,
    description,
    keySpec,
    keyUsage: keyUsage ?? 'ENCRYPT_DECRYPT',
    primaryRegion: multiRegion ? caller.region : undefined,
    createdAt: now,
    usableFrom: now,
    material: await createMaterial(keySpec),
    enabled: true,
    deletion: undefined,
  };
  store.addKey(key);
  return { KeyMetadata: keyMetadata(key, store, now) };
};
