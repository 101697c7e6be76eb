import type { WrappedKey } from '@keyfold/core/keyring';
import { nameInRegion, names } from '../names/configured-key.js';
import type { ConfiguredKey, Region } from '../names/configured-key.js';
import { parseKeyArn } from '../names/key-arn.js';
import type { KeyArn } from '../names/key-arn.js';
import { isAlgorithm, PROVIDER } from '../provider.js';
import type { AwsKmsAlgorithm } from '../provider.js';

/** A wrapped key that is of AWS KMS by its form. Whose it is, the configuration decides. */
export interface Candidate {
  readonly wrappedKey: WrappedKey;
  readonly arn: KeyArn;
  readonly algorithm: AwsKmsAlgorithm;
}

/** One wrapped key, and the configured key and Region to unwrap it with. */
export interface Attempt {
  readonly candidate: Candidate;
  /** As the request names the key. */
  readonly keyId: string;
  readonly region: Region;
}

/** Those that have the form of ours: everything else is left alone. */
export function candidatesAmong(wrappedKeys: readonly WrappedKey[]): Candidate[] {
  return wrappedKeys.flatMap((wrappedKey) => {
    const { provider, keyId, keyVersion, algorithm } = wrappedKey;
    if (provider !== PROVIDER || keyVersion !== '' || !isAlgorithm(algorithm)) return [];
    const arn = parseKeyArn(keyId);
    return arn === undefined ? [] : [{ wrappedKey, arn, algorithm }];
  });
}

/** Which candidates are certainly of a configured key, which may be of it, and nothing of the rest. */
export function claim(key: ConfiguredKey, candidates: readonly Candidate[], how: 'yes' | 'maybe'): Candidate[] {
  return candidates.filter(({ arn }) => names(key, arn) === how);
}

/**
 * At most one attempt for each Region of a key, whatever an envelope holds: wrapped keys of one multi-Region key may
 * name any number of Regions. In each Region, what was wrapped there is tried first.
 */
export function attemptsFor(key: ConfiguredKey, own: readonly Candidate[]): Attempt[] {
  const [first] = own;
  if (first === undefined) return [];
  return key.regions.map((region) => ({
    candidate: own.find(({ arn }) => arn.region === region) ?? first,
    keyId: nameInRegion(key, region),
    region,
  }));
}
