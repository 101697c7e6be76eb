import { assertOptions, invalidArgument, readTimeout } from '@keyfold/core/keyring';
import type { ConfiguredKey } from '../names/configured-key.js';
import { isMultiRegionId } from '../names/key-arn.js';
import { readKeyArn, readKeyName } from '../names/key-name.js';
import type { KeyName } from '../names/key-name.js';
import { ALGORITHMS, isAlgorithm } from '../provider.js';
import type { AwsKmsAlgorithm } from '../provider.js';
import type { AwsKmsKeyringOptions } from './options.js';
import { readRegions } from './read-regions.js';

/** `AwsKmsKeyringOptions`, checked, defaults filled in. */
export interface Settings {
  /** How errors and reports name the keyring. */
  readonly name: string;
  readonly key: ConfiguredKey;
  /** Keys that are unwrapped with only. */
  readonly alsoUnwrap: readonly ConfiguredKey[];
  readonly algorithm: AwsKmsAlgorithm;
  readonly timeoutMs: number;
}

/** Throws `invalid-argument`. */
export function readOptions(options: AwsKmsKeyringOptions): Settings {
  assertOptions(options, "awsKmsKeyring({ key: 'arn:aws:kms:eu-west-1:111122223333:key/…' })");
  const name = readKeyName(options.key, 'options.key');
  const given = readRegions(options.region);
  const key = { name, regions: given ?? [placeOf(name)?.region] };
  if (given !== undefined) assertRegions(name, given);
  const alsoUnwrap = readAlsoUnwrap(options.alsoUnwrap ?? [], given).filter((listed) => listed.name.text !== name.text);
  assertClient(options, [key, ...alsoUnwrap]);
  return {
    name: given === undefined || (given.length === 1 && given[0] === placeOf(name)?.region) ? name.text : `${name.text} in ${given.join(', ')}`,
    key,
    alsoUnwrap,
    algorithm: readAlgorithm(options.algorithm ?? 'SYMMETRIC_DEFAULT'),
    timeoutMs: readTimeout(options.timeoutMs),
  };
}

function placeOf(name: KeyName): { readonly region: string } | undefined {
  return name.kind === 'arn' ? name.arn : name.kind === 'alias' ? name.place : undefined;
}

function assertRegions(name: KeyName, regions: readonly string[]): void {
  const id = name.kind === 'arn' ? name.arn.id : name.kind === 'id' ? name.text : '';
  if (isMultiRegionId(id)) return;
  const region = placeOf(name)?.region;
  if (region !== undefined && regions.some((other) => other !== region)) {
    throw invalidArgument('options.region', `this name is of ${region} alone; only a multi-Region key (key/mrk-…) is in several Regions.`);
  }
  if (regions.length > 1) {
    throw invalidArgument('options.region', 'several Regions are for multi-Region keys; name the key by its ARN (…:key/mrk-…).');
  }
}

function readAlsoUnwrap(arns: unknown, given: readonly string[] | undefined): ConfiguredKey[] {
  if (!Array.isArray(arns)) throw invalidArgument('options.alsoUnwrap', 'pass an array of key ARNs.');
  return [...new Set<unknown>(arns)].map((text) => {
    const arn = readKeyArn(text, 'options.alsoUnwrap', 'an alias does not say which key it led to when something was written.');
    const regions = isMultiRegionId(arn.id) && given !== undefined ? given : [arn.region];
    return { name: { kind: 'arn', text: arn.text, arn }, regions };
  });
}

function assertClient({ client, clientConfig }: AwsKmsKeyringOptions, keys: readonly ConfiguredKey[]): void {
  if (clientConfig !== undefined && (typeof (clientConfig as unknown) !== 'object' || (clientConfig as unknown) === null)) {
    throw invalidArgument('options.clientConfig', 'pass the settings of a KMSClient, such as { useFipsEndpoint: true }.');
  }
  if (client === undefined) return;
  if (clientConfig !== undefined) throw invalidArgument('options.clientConfig', 'pass either client or clientConfig, not both.');
  const regions = new Set(keys.flatMap((key) => key.regions));
  if (typeof client === 'function') {
    if (!regions.has(undefined)) return;
    throw invalidArgument('options.region', 'pass the Region too, for which your function shall give a client.');
  }
  if (typeof (client as Partial<typeof client> | null)?.send !== 'function') {
    throw invalidArgument('options.client', 'pass a KMSClient, or a function that returns one for a Region.');
  }
  if (regions.size > 1) {
    throw invalidArgument('options.client', 'these keys are in several Regions; pass a function that returns a client for each.');
  }
}

function readAlgorithm(algorithm: unknown): AwsKmsAlgorithm {
  if (isAlgorithm(algorithm)) return algorithm;
  throw invalidArgument('options.algorithm', `pass one of ${ALGORITHMS.map((name) => `'${name}'`).join(', ')}.`);
}
