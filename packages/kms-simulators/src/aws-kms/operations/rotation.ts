import { keyArn } from '../keys/arn.js';
import { rotateMaterial, type SymmetricMaterial } from '../keys/key-material.js';
import { epochSeconds } from '../keys/key-metadata.js';
import { requireUsable } from '../keys/key-state.js';
import { isPrimary, type KmsKey } from '../keys/kms-key.js';
import { resolveKey, resolveOwnKey } from '../keys/resolve-key.js';
import { KmsError } from '../protocol/kms-error.js';
import type { Operation } from './operation.js';
import { page } from './page.js';

/** On-demand rotations that the service allows one key. */
const ROTATIONS = 25;

/** New key material encrypts from now on, in every Region of the key; old material still decrypts. */
export const rotateKeyOnDemand: Operation = (input, context) => {
  const key = resolveOwnKey(input.text('KeyId'), context);
  requireUsable(key, context.now);
  const material = symmetricMaterial(key);
  if (key.primaryRegion !== undefined && !isPrimary(key)) {
    throw new KmsError(
      'UnsupportedOperationException',
      `${keyArn(key)} is a replica. A multi-Region key is rotated in its primary Region, ${key.primaryRegion}.`,
    );
  }
  if (material.versions.length > ROTATIONS) {
    throw new KmsError('LimitExceededException', `A key can be rotated on demand at most ${ROTATIONS} times.`);
  }
  context.store.update(key, () => {
    rotateMaterial(material, context.now);
  });
  return { KeyId: keyArn(key) };
};

/** Rotation is never automatic here, and on demand at once. */
export const getKeyRotationStatus: Operation = (input, context) => {
  const key = resolveKey(input.text('KeyId'), context);
  symmetricMaterial(key);
  return { KeyId: keyArn(key), KeyRotationEnabled: false };
};

/** The key's materials: those that rotations made, or all. */
export const listKeyRotations: Operation = (input, context) => {
  const include = input.choice('IncludeKeyMaterial', ['ROTATIONS_ONLY', 'ALL_KEY_MATERIAL']);
  const key = resolveOwnKey(input.text('KeyId'), context);
  const { versions } = symmetricMaterial(key);
  const rotations = versions
    .map(({ id, rotatedAt }, index) => ({
      KeyId: key.keyId,
      KeyMaterialId: id,
      KeyMaterialState: index === versions.length - 1 ? 'CURRENT' : 'NON_CURRENT',
      RotationDate: rotatedAt === undefined ? undefined : epochSeconds(rotatedAt),
      RotationType: rotatedAt === undefined ? undefined : 'ON_DEMAND',
    }))
    .filter(({ RotationType }) => include === 'ALL_KEY_MATERIAL' || RotationType !== undefined);
  return page(input, 'Rotations', 100, 1000, rotations);
};

function symmetricMaterial(key: KmsKey): SymmetricMaterial {
  if (key.material.kind === 'symmetric') return key.material;
  throw new KmsError('UnsupportedOperationException', `${keyArn(key)} is an asymmetric key, which does not rotate.`);
}
