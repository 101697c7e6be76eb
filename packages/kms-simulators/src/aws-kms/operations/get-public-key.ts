import { encryptionAlgorithms, signingAlgorithms } from '../keys/algorithms.js';
import { keyArn } from '../keys/arn.js';
import { requireUsable } from '../keys/key-state.js';
import { resolveKey } from '../keys/resolve-key.js';
import { KmsError } from '../protocol/kms-error.js';
import { base64, type Operation } from './operation.js';

/** The public key of an RSA key, as DER of its SubjectPublicKeyInfo (RFC 5280). */
export const getPublicKey: Operation = (input, context) => {
  const key = resolveKey(input.text('KeyId'), context);
  requireUsable(key, context.now);
  const { material, keySpec, keyUsage } = key;
  if (material.kind !== 'rsa') {
    throw new KmsError(
      'UnsupportedOperationException',
      `${keyArn(key)} is a symmetric key, which has no public key.`,
    );
  }
  return {
    CustomerMasterKeySpec: keySpec,
    EncryptionAlgorithms: keyUsage === 'ENCRYPT_DECRYPT' ? encryptionAlgorithms(keySpec) : undefined,
    KeyId: keyArn(key),
    KeySpec: keySpec,
    KeyUsage: keyUsage,
    PublicKey: base64(material.publicKey.export({ type: 'spki', format: 'der' })),
    SigningAlgorithms: keyUsage === 'SIGN_VERIFY' ? signingAlgorithms() : undefined,
  };
};
