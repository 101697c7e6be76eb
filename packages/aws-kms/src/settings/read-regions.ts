import { invalidArgument } from '@keyfold/core/keyring';

const REGION = /^[a-z]{2,}(?:-[a-z0-9]+)+$/;

/** The Regions of an option, in the caller's order. Throws `invalid-argument`. */
export function readRegions(region: unknown): readonly string[] | undefined {
  if (region === undefined) return undefined;
  const regions: readonly unknown[] = Array.isArray(region) ? region : [region];
  const sound = regions.filter((one): one is string => typeof one === 'string' && REGION.test(one));
  if (sound.length === regions.length && sound.length > 0 && new Set(sound).size === sound.length) return sound;
  throw invalidArgument('options.region', "pass a Region such as 'eu-west-1', or an array of different ones.");
}
