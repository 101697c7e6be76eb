import type { WrappedKey } from '@keyfold/core/keyring';
import { parseKeyArn } from '../names/key-arn.js';
import type { KeyArn } from '../names/key-arn.js';
import { mayAnswer } from '../names/configured-key.js';
import type { ConfiguredKey, Region } from '../names/configured-key.js';
import { PROVIDER } from '../provider.js';
import type { AwsKmsAlgorithm } from '../provider.js';

/** Bytes of the longest `CiphertextBlob` (AWS KMS API Reference, Decrypt). */
export const MAX_CIPHERTEXT = 6144;

/** What an answer says of the key that was used, and what that key made. */
export interface WrapAnswer {
  readonly KeyId?: string | undefined;
  readonly CiphertextBlob?: Uint8Array | undefined;
}

/** A wrapped key that names the key which AWS KMS says it used, and that key. */
export interface MadeByKms {
  readonly wrappedKey: WrappedKey;
  readonly arn: KeyArn;
}

/** Reads an answer; `undefined` unless it has a ciphertext of the key that was asked for. */
export function readWrapAnswer(
  key: ConfiguredKey,
  region: Region,
  algorithm: AwsKmsAlgorithm,
  { KeyId = '', CiphertextBlob }: WrapAnswer,
): MadeByKms | undefined {
  const arn = parseKeyArn(KeyId);
  if (arn === undefined || !mayAnswer(key, region, arn)) return undefined;
  if (CiphertextBlob === undefined || CiphertextBlob.length === 0 || CiphertextBlob.length > MAX_CIPHERTEXT) return undefined;
  const ciphertext = new Uint8Array(CiphertextBlob);
  return { wrappedKey: { provider: PROVIDER, keyId: arn.text, keyVersion: '', algorithm, ciphertext }, arn };
}
