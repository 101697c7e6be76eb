import { aliasArn } from '../keys/arn.js';
import { epochSeconds } from '../keys/key-metadata.js';
import { requireNotPendingDeletion } from '../keys/key-state.js';
import type { Alias, KmsKey } from '../keys/kms-key.js';
import { resolveOwnKey } from '../keys/resolve-key.js';
import type { Input } from '../protocol/input.js';
import { KmsError, notFound, validationError } from '../protocol/kms-error.js';
import type { Operation, OperationContext } from './operation.js';
import { page } from './page.js';

/** Gives a key one more name. */
export const createAlias: Operation = (input, context) => {
  const place = aliasPlace(input, context);
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(place.name) || place.name.startsWith('alias/aws/')) {
    throw new KmsError(
      'InvalidAliasNameException',
      'Alias must only contain alphanumeric characters, slash, underscore and dash, and not begin with alias/aws/.',
    );
  }
  const key = targetKey(input, context);
  if (context.store.alias(place) !== undefined) {
    throw new KmsError('AlreadyExistsException', `An alias with the name ${aliasArn(place)} already exists`);
  }
  const { now } = context;
  context.store.addAlias({ ...place, keyId: key.keyId, createdAt: now, updatedAt: now });
  return {};
};

/** Points an alias at another key of the same kind. */
export const updateAlias: Operation = (input, context) => {
  const alias = existingAlias(input, context);
  const key = targetKey(input, context);
  const current = context.store.key(alias);
  if (current !== undefined && (kind(current) !== kind(key) || current.keyUsage !== key.keyUsage)) {
    throw validationError(`Alias ${aliasArn(alias)} can only point at a key of the same type and key usage.`);
  }
  context.store.update(alias, (one) => {
    one.keyId = key.keyId;
    one.updatedAt = context.now;
  });
  return {};
};

/** Removes the name; its key is not touched. */
export const deleteAlias: Operation = (input, context) => {
  context.store.removeAlias(existingAlias(input, context));
  return {};
};

/** The caller's aliases in this Region, or those of one key. */
export const listAliases: Operation = (input, context) => {
  const name = input.optionalText('KeyId');
  const key = name === undefined ? undefined : resolveOwnKey(name, context);
  const { region, account } = context.caller;
  const aliases = context.store
    .aliases()
    .filter((alias) => alias.region === region && alias.account === account)
    .filter((alias) => key === undefined || alias.keyId === key.keyId)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((alias) => ({
      AliasArn: aliasArn(alias),
      AliasName: alias.name,
      CreationDate: epochSeconds(alias.createdAt),
      LastUpdatedDate: epochSeconds(alias.updatedAt),
      TargetKeyId: alias.keyId,
    }));
  return page(input, 'Aliases', 50, 100, aliases);
};

function aliasPlace(input: Input, { caller }: OperationContext): Pick<Alias, 'name' | 'account' | 'region'> {
  const name = input.text('AliasName', { max: 256 });
  if (!name.startsWith('alias/')) throw validationError('Alias must start with the prefix "alias/".');
  return { name, account: caller.account, region: caller.region };
}

function existingAlias(input: Input, context: OperationContext): Alias {
  const place = aliasPlace(input, context);
  const alias = context.store.alias(place);
  if (alias === undefined) throw notFound(`Alias ${aliasArn(place)} is not found.`);
  return alias;
}

function targetKey(input: Input, context: OperationContext): KmsKey {
  const key = resolveOwnKey(input.text('TargetKeyId'), context);
  requireNotPendingDeletion(key);
  return key;
}

function kind(key: KmsKey): string {
  return key.material.kind;
}
