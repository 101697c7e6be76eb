import type { IncomingHttpHeaders } from 'node:http';
import { parseBlob } from '../cryptography/ciphertext-blob.js';
import { aliasArn, keyArn } from '../keys/arn.js';
import type { KeyStore } from '../keys/key-store.js';
import type { KmsKey } from '../keys/kms-key.js';
import { resolveKey, type ResolveContext } from '../keys/resolve-key.js';
import type { KeyNames, RequestFacts } from '../../shared/requests/request-facts.js';
import { claimedRegion, readCaller, type Caller, type CallerRules } from './credential-scope.js';
import { Input } from './input.js';
import { KmsError } from './kms-error.js';

/** A request, taken apart. */
export type KmsCall =
  | { readonly facts: RequestFacts; readonly caller: Caller; readonly input: Input }
  | { readonly facts: RequestFacts; readonly refusal: KmsError };

/** Fields that name the keys of a request, the source before the destination. */
const KEY_FIELDS = ['SourceKeyId', 'KeyId', 'TargetKeyId', 'DestinationKeyId'];

/** Takes a request apart; one that is refused at the door still has facts, to be counted. */
export function readCall(
  headers: IncomingHttpHeaders,
  body: Uint8Array | undefined,
  rules: CallerRules,
  store: KeyStore,
): KmsCall {
  const operation = operationName(headers);
  const unknown = { provider: 'aws-kms', account: '', operation, keys: [] } as const;
  try {
    const caller = readCaller(headers, rules);
    const { region, account } = caller;
    if (body === undefined) throw new KmsError('RequestEntityTooLargeException', 'The request is too large.', 413);
    try {
      const input = Input.parse(body);
      return { facts: readFacts(input, { store, caller, operation }), caller, input };
    } catch (error) {
      return { facts: { ...unknown, region, account }, refusal: asKmsError(error) };
    }
  } catch (error) {
    return { facts: { ...unknown, region: claimedRegion(headers) }, refusal: asKmsError(error) };
  }
}

function operationName(headers: IncomingHttpHeaders): string {
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? (/^TrentService\.(\w+)$/.exec(target)?.[1] ?? '') : '';
}

function readFacts(input: Input, context: ResolveContext): RequestFacts {
  const { caller, operation, store } = context;
  const named = KEY_FIELDS.map((field) => input.optionalText(field)).filter((name) => name !== undefined);
  const keys = named.map((name) => keyNames(name, context));
  const fromBlob = keyOfCiphertext(input, context);
  if (fromBlob !== undefined) keys.unshift(namesOf(fromBlob, store));
  const keyId = named.at(-1);
  const [source] = ['EncryptionContext', 'SourceEncryptionContext'].map((field) => input.pairs(field)).filter(isFilled);
  const [destination] = [input.pairs('DestinationEncryptionContext')].filter(isFilled);
  return {
    provider: 'aws-kms',
    region: caller.region,
    account: caller.account,
    operation,
    keys,
    ...(keyId === undefined ? {} : { keyId }),
    ...(source === undefined ? {} : { encryptionContext: Object.fromEntries(source) }),
    ...(destination === undefined ? {} : { destinationEncryptionContext: Object.fromEntries(destination) }),
  };
}

function isFilled(pairs: ReadonlyMap<string, string>): boolean {
  return pairs.size > 0;
}

/** All names of the key that a name means; the name alone if there is no such key. */
function keyNames(name: string, context: ResolveContext): KeyNames {
  try {
    const known = namesOf(resolveKey(name, context), context.store);
    return { ...known, otherNames: [...new Set([...known.otherNames, name])] };
  } catch {
    return { name, otherNames: [] };
  }
}

function namesOf(key: KmsKey, store: KeyStore): KeyNames {
  const aliases = store.aliasesOf(key).flatMap((alias) => [alias.name, aliasArn(alias)]);
  return { name: keyArn(key), otherNames: [key.keyId, ...aliases] };
}

/** The key that a symmetric ciphertext tells, where the caller did not name one. */
function keyOfCiphertext(input: Input, { store, caller, operation }: ResolveContext): KmsKey | undefined {
  const field = { Decrypt: 'KeyId', ReEncrypt: 'SourceKeyId' }[operation];
  if (field === undefined || input.optionalText(field) !== undefined) return undefined;
  try {
    return store.key({ ...parseBlob(input.bytes('CiphertextBlob')), region: caller.region });
  } catch {
    return undefined;
  }
}

function asKmsError(error: unknown): KmsError {
  if (error instanceof KmsError) return error;
  throw error;
}
