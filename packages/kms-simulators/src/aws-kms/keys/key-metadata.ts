import { keyArn } from './arn.js';
import { encryptionAlgorithms, signingAlgorithms } from './algorithms.js';
import { currentVersion } from './key-material.js';
import { keyState } from './key-state.js';
import type { KeyStore } from './key-store.js';
import { isPrimary, type KmsKey } from './kms-key.js';

/** A JSON object of an answer; `undefined` fields are left out of the JSON. */
export type Output = Readonly<Record<string, unknown>>;

/** The `KeyMetadata` of DescribeKey, CreateKey and ReplicateKey. */
export function keyMetadata(key: KmsKey, store: KeyStore, now: number): Output {
  const state = keyState(key, now);
  const { deletion, material } = key;
  return {
    AWSAccountId: key.account,
    Arn: keyArn(key),
    CreationDate: epochSeconds(key.createdAt),
    CurrentKeyMaterialId: material.kind === 'symmetric' ? currentVersion(material).id : undefined,
    CustomerMasterKeySpec: key.keySpec,
    DeletionDate: deletion?.at === undefined ? undefined : epochSeconds(deletion.at),
    Description: key.description,
    Enabled: state === 'Enabled',
    EncryptionAlgorithms: key.keyUsage === 'ENCRYPT_DECRYPT' ? encryptionAlgorithms(key.keySpec) : undefined,
    KeyId: key.keyId,
    KeyManager: 'CUSTOMER',
    KeySpec: key.keySpec,
    KeyState: state,
    KeyUsage: key.keyUsage,
    MultiRegion: key.primaryRegion !== undefined,
    MultiRegionConfiguration: multiRegionConfiguration(key, store),
    Origin: 'AWS_KMS',
    PendingDeletionWindowInDays: state === 'PendingReplicaDeletion' ? deletion?.windowDays : undefined,
    SigningAlgorithms: key.keyUsage === 'SIGN_VERIFY' ? signingAlgorithms() : undefined,
  };
}

/** Times in answers are seconds since 1970. */
export function epochSeconds(milliseconds: number): number {
  return milliseconds / 1000;
}

function multiRegionConfiguration(key: KmsKey, store: KeyStore): Output | undefined {
  if (key.primaryRegion === undefined) return undefined;
  const place = (one: { region: string }): Output => ({
    Arn: keyArn({ ...key, region: one.region }),
    Region: one.region,
  });
  return {
    MultiRegionKeyType: isPrimary(key) ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: place({ region: key.primaryRegion }),
    ReplicaKeys: [key, ...store.relatedKeys(key)]
      .filter((one) => !isPrimary(one))
      .sort((a, b) => (a.region < b.region ? -1 : 1))
      .map(place),
  };
}
