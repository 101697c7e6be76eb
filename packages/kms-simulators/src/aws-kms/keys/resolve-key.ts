import type { Caller } from '../protocol/credential-scope.js';
import { accessDenied, notFound } from '../protocol/kms-error.js';
import { aliasArn, keyArn, parseArn } from './arn.js';
import type { KeyPlace, KeyStore } from './key-store.js';
import type { KmsKey } from './kms-key.js';

/** What resolving a key's name depends on. */
export interface ResolveContext {
  readonly store: KeyStore;
  readonly caller: Caller;
  readonly operation: string;
}

const KEY_ID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;

/**
 * The key that a key id, key ARN, alias name or alias ARN means. ARNs reach into other accounts.
 *
 * @throws KmsError `NotFoundException`, `InvalidArnException`, `AccessDeniedException`
 */
export function resolveKey(name: string, context: ResolveContext): KmsKey {
  const { region, account } = context.caller;
  const parsed = name.startsWith('arn:') ? parseArn(name) : undefined;
  if (parsed !== undefined && parsed.region !== region) throw notFound(`Invalid arn ${parsed.region}`);
  const owner = parsed?.account ?? account;
  const local = parsed?.name ?? name;
  if (parsed?.kind === 'alias' || (parsed === undefined && name.startsWith('alias/'))) {
    const alias = { region, account: owner, name: local };
    const target = context.store.alias(alias);
    if (target === undefined) {
      throw unknown(context, owner, aliasArn(alias), `Alias ${aliasArn(alias)} is not found.`);
    }
    return existing({ region, account: owner, keyId: target.keyId }, context);
  }
  if (!KEY_ID.test(local)) throw notFound(`Invalid keyId '${local}'`);
  return existing({ region, account: owner, keyId: local }, context);
}

/**
 * The caller's own key that a key id or key ARN means, for the operations that manage keys and take
 * neither aliases nor other accounts' keys.
 *
 * @throws KmsError `NotFoundException`, `InvalidArnException`, `AccessDeniedException`
 */
export function resolveOwnKey(name: string, context: ResolveContext): KmsKey {
  const { account } = context.caller;
  if (name.startsWith('alias/')) throw notFound(`Invalid keyId '${name}'`);
  if (name.startsWith('arn:')) {
    const parsed = parseArn(name);
    if (parsed.kind === 'alias') throw notFound(`Invalid keyId '${name}'`);
    if (parsed.account !== account) throw foreign(context, name);
  }
  return resolveKey(name, context);
}

function existing(place: KeyPlace, context: ResolveContext): KmsKey {
  const key = context.store.key(place);
  if (key !== undefined) return key;
  throw unknown(context, place.account, keyArn(place), `Key '${keyArn(place)}' does not exist`);
}

/** Whether something exists in another account is not told. */
function unknown(context: ResolveContext, owner: string, arn: string, message: string): Error {
  return owner === context.caller.account ? notFound(message) : foreign(context, arn);
}

function foreign({ caller, operation }: ResolveContext, arn: string): Error {
  return accessDenied(
    caller,
    operation,
    arn,
    'the resource does not exist in this Region, no resource-based policies allow access, ' +
      'or a resource-based policy explicitly denies access',
  );
}
