import { ENCRYPTION_ALGORITHMS } from '../keys/algorithms.js';
import { keyArn } from '../keys/arn.js';
import { currentVersion } from '../keys/key-material.js';
import { resolveKey } from '../keys/resolve-key.js';
import { decryptSource } from './decrypt.js';
import { encryptUnder, requireEncryption } from './encrypt.js';
import { base64, endDryRun, type Operation } from './operation.js';

/** Decrypts and encrypts again inside the service; the caller sees no plaintext. */
export const reEncrypt: Operation = (input, context) => {
  const algorithm = input.choice('DestinationEncryptionAlgorithm', ENCRYPTION_ALGORITHMS) ?? 'SYMMETRIC_DEFAULT';
  const pairs = input.pairs('DestinationEncryptionContext');
  const destination = resolveKey(input.text('DestinationKeyId'), context);
  const source = decryptSource(input, context, {
    keyId: 'SourceKeyId',
    context: 'SourceEncryptionContext',
    algorithm: 'SourceEncryptionAlgorithm',
  });
  requireEncryption(destination, algorithm, pairs, context);
  endDryRun(input);
  const { material } = destination;
  return {
    CiphertextBlob: base64(encryptUnder(destination, algorithm, source.plaintext, pairs)),
    DestinationEncryptionAlgorithm: algorithm,
    DestinationKeyMaterialId: material.kind === 'symmetric' ? currentVersion(material).id : undefined,
    KeyId: keyArn(destination),
    SourceEncryptionAlgorithm: source.algorithm,
    SourceKeyId: keyArn(source.key),
    SourceKeyMaterialId: source.materialId,
  };
};
