import { SimulatorError } from '../shared/errors.js';
import { aliasArn, keyArn } from './keys/arn.js';
import type { KeySpec } from './keys/key-material.js';
import type { KeyUsage } from './keys/kms-key.js';
import { clientConfig } from './client-config.js';
import { runOperation, type KmsServiceParts } from './kms-service.js';
import type { Caller } from './protocol/credential-scope.js';
import { Input } from './protocol/input.js';
import { KmsError } from './protocol/kms-error.js';

/** A key to be made without a request. */
export interface NewKey {
  readonly region: string;
  /** Owner; default: the simulator's `account`. */
  readonly account?: string;
  /** Default `SYMMETRIC_DEFAULT`. */
  readonly keySpec?: KeySpec;
  /** Default `ENCRYPT_DECRYPT`. */
  readonly keyUsage?: KeyUsage;
  /** With its `alias/` prefix; made in the Region of every replica too. */
  readonly alias?: string;
  /** Makes a multi-Region key; implied by `replicaRegions`. */
  readonly multiRegion?: boolean;
  /** Regions that get a replica, usable after `replicaCreatingMs`. */
  readonly replicaRegions?: readonly string[];
}

/** A key that was made. */
export interface CreatedKey {
  readonly keyId: string;
  /** In the Region where it was made. */
  readonly arn: string;
  /** Where an alias was asked for. */
  readonly aliasArn?: string;
  /** By Region, of a multi-Region key all. */
  readonly arns: Readonly<Record<string, string>>;
}

/** @throws SimulatorError `invalid-option` if the service would refuse any of it. */
export async function makeKey(key: NewKey, parts: KmsServiceParts): Promise<CreatedKey> {
  const { region, account = parts.settings.account, alias, replicaRegions = [] } = key;
  const { credentials } = clientConfig('', parts.settings, region, account);
  const caller: Caller = { account, region, accessKeyId: credentials.accessKeyId };
  const run = async (name: string, fields: Record<string, unknown>, at = region): Promise<unknown> => {
    return await runOperation(name, new Input(fields), { ...caller, region: at }, parts);
  };
  try {
    const created = (await run('CreateKey', {
      KeySpec: key.keySpec,
      KeyUsage: key.keyUsage ?? 'ENCRYPT_DECRYPT',
      MultiRegion: key.multiRegion ?? replicaRegions.length > 0,
    })) as { KeyMetadata: { KeyId: string } };
    const keyId = created.KeyMetadata.KeyId;
    for (const replica of replicaRegions) await run('ReplicateKey', { KeyId: keyId, ReplicaRegion: replica });
    const regions = [region, ...replicaRegions];
    if (alias !== undefined) {
      for (const at of regions) await run('CreateAlias', { AliasName: alias, TargetKeyId: keyId }, at);
    }
    const arns = regions.map((at) => [at, keyArn({ region: at, account, keyId })]);
    return {
      keyId,
      arn: keyArn({ region, account, keyId }),
      ...(alias === undefined ? {} : { aliasArn: aliasArn({ region, account, name: alias }) }),
      arns: Object.fromEntries(arns) as Record<string, string>,
    };
  } catch (error) {
    if (!(error instanceof KmsError)) throw error;
    throw new SimulatorError('invalid-option', `The key could not be made: ${error.code}: ${error.message}`, {
      cause: error,
    });
  }
}
