import { arnInRegion, couldShare, isMultiRegionId, isSameKey } from './key-arn.js';
import type { KeyArn } from './key-arn.js';
import type { KeyName } from './key-name.js';

/** A Region, or `undefined` for the one that the client was made with. */
export type Region = string | undefined;

/** A KEK that the keyring's owner named, and the Regions where it may be called, in order of preference. */
export interface ConfiguredKey {
  readonly name: KeyName;
  /** At least one; several only for a multi-Region key. */
  readonly regions: readonly Region[];
}

/** What a request to one of the key's Regions calls it. Built from the configuration alone. */
export function nameInRegion({ name }: ConfiguredKey, region: Region): string {
  if (name.kind !== 'arn' || region === undefined || !isMultiRegionId(name.arn.id)) return name.text;
  return arnInRegion(name.arn, region);
}

/** Whether an ARN names this key; `maybe` where only AWS KMS knows, because the key is named by an alias. */
export function names({ name, regions }: ConfiguredKey, arn: KeyArn): 'yes' | 'no' | 'maybe' {
  switch (name.kind) {
    case 'arn':
      return isSameKey(name.arn, arn) ? 'yes' : 'no';
    case 'id':
      return name.text === arn.id && isWithin(regions, arn) ? 'yes' : 'no';
    case 'alias':
      if (name.place !== undefined) return couldShare(name.place, arn, arn.id) ? 'maybe' : 'no';
      return isWithin(regions, arn) ? 'maybe' : 'no';
  }
}

function isWithin(regions: readonly Region[], arn: KeyArn): boolean {
  return isMultiRegionId(arn.id) || regions.some((region) => region === undefined || region === arn.region);
}

/** Whether AWS KMS may answer with this ARN to a request for the key in a Region, as far as names tell. */
export function mayAnswer(key: ConfiguredKey, region: Region, arn: KeyArn): boolean {
  const { name } = key;
  if (region !== undefined && arn.region !== region) return false;
  switch (name.kind) {
    case 'arn':
      return arn.text === nameInRegion(key, region);
    case 'id':
      return arn.id === name.text;
    case 'alias':
      return name.place === undefined || (name.place.partition === arn.partition && name.place.account === arn.account);
  }
}
