import type { KeyCheck } from '@keyfold/core/keyring';
import type { KmsCalls } from '../calls/kms-calls.js';
import { nameInRegion } from '../names/configured-key.js';
import type { ConfiguredKey, Region } from '../names/configured-key.js';
import { PROVIDER } from '../provider.js';
import type { AwsKmsAlgorithm } from '../provider.js';
import { algorithmOf, describe, stateOf, wasReached } from './describe.js';
import { problemOf, problemOfKey, problemOfUse } from './problem.js';
import { probe } from './probe.js';
import type { Probe, Use } from './probe.js';

/** A key in one Region, and what the keyring does with it. */
export interface KeyToCheck {
  readonly key: ConfiguredKey;
  readonly region: Region;
  readonly uses: readonly Use[];
  /** How the keyring wraps with it, if it does. */
  readonly algorithm?: AwsKmsAlgorithm;
}

/** What can be found out about a key with `DescribeKey` and dry runs. Throws `aborted` alone. */
export async function checkKey({ key, region, uses, algorithm }: KeyToCheck, calls: KmsCalls, signal: AbortSignal): Promise<KeyCheck> {
  const name = nameInRegion(key, region);
  const row = (found: Pick<KeyCheck, 'reachable' | 'state' | 'problem'>, probes: ReadonlyMap<Use, Probe>, keyId = name): KeyCheck => ({
    provider: PROVIDER,
    keyId,
    keyVersion: '',
    reachable: found.reachable,
    state: found.state,
    permitted: permitted(uses, probes),
    ...(found.problem === undefined ? {} : { problem: found.problem }),
  });
  const probeAll = async (wraps: AwsKmsAlgorithm): Promise<Map<Use, Probe>> => {
    const target = { keyId: name, region, algorithm: wraps };
    return new Map(await Promise.all(uses.map(async (use) => [use, await probe(use, target, calls, signal)] as const)));
  };

  const described = await describe(key, region, calls, signal);
  if ('error' in described) {
    const { error } = described;
    const { reason } = error.details;
    const reachable = wasReached(error);
    const problem = problemOf(error.details);
    if (reason !== 'access-denied' || !reachable) {
      return row({ reachable, state: reason === 'not-found' ? 'not-found' : 'unknown', problem }, new Map());
    }
    // Only an alias needs DescribeKey, to be unwrapped with. What else is permitted can be told without it.
    const probes = await probeAll(algorithm ?? 'SYMMETRIC_DEFAULT');
    const usable = [...probes.values()].some((one) => one.permitted === 'yes');
    const denied = key.name.kind === 'alias' ? problem : problemOfUse(probes, name);
    return row({ reachable, state: usable ? 'enabled' : 'unknown', ...(denied === undefined ? {} : { problem: denied }) }, probes);
  }

  const { metadata, arn } = described;
  const state = stateOf(metadata);
  const problem = problemOfKey(metadata, algorithm, { action: 'DescribeKey', keyId: arn, region, operation: 'check' });
  if (problem !== undefined) return row({ reachable: true, state, problem }, new Map(), arn);
  const probes = await probeAll(algorithm ?? algorithmOf(metadata) ?? 'SYMMETRIC_DEFAULT');
  const unusable = problemOfUse(probes, arn);
  return row({ reachable: true, state, ...(unusable === undefined ? {} : { problem: unusable }) }, probes, arn);
}

/** `no` for what the keyring does not do with the key, `unknown` for what was not found out. */
function permitted(uses: readonly Use[], probes: ReadonlyMap<Use, Probe>): KeyCheck['permitted'] {
  const of = (use: Use): Probe['permitted'] => (uses.includes(use) ? (probes.get(use)?.permitted ?? 'unknown') : 'no');
  return { wrap: of('wrap'), unwrap: of('unwrap'), generate: of('generate') };
}
