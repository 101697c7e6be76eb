import { invalidArgument } from '@keyfold/core/keyring';

/** A `CryptoKey` of WebCrypto, of any runtime's types. */
export interface CryptoKeyLike {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

/** A `KeyObject` of node:crypto. */
export interface KeyObjectLike {
  readonly type: string;
  export(options?: object): unknown;
}

/** A JSON Web Key (RFC 7517) of type `oct` or `RSA`, with the members that are looked at. */
export interface Jwk {
  readonly kty?: string | undefined;
  readonly alg?: string | undefined;
  readonly use?: string | undefined;
  readonly key_ops?: readonly string[] | undefined;
  readonly k?: string | undefined;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
  readonly d?: string | undefined;
  readonly p?: string | undefined;
  readonly q?: string | undefined;
  readonly dp?: string | undefined;
  readonly dq?: string | undefined;
  readonly qi?: string | undefined;
}

/** By its tag rather than by `instanceof`, so that keys of another realm are known too. */
export function isCryptoKey(input: unknown): input is CryptoKey {
  return Object.prototype.toString.call(input) === '[object CryptoKey]';
}

/** By its shape: importing node:crypto would tie the package to Node. */
export function isKeyObject(input: unknown): input is KeyObjectLike {
  const { type, export: exportKey } = (input ?? {}) as Partial<KeyObjectLike>;
  return typeof exportKey === 'function' && typeof type === 'string';
}

export function isJwk(input: unknown): input is Jwk {
  return typeof input === 'object' && input !== null && 'kty' in input;
}

/**
 * Refuses a JSON Web Key of another type, or one that says of itself that it is for something else: a key that also signs,
 * or that also encrypts with a weaker algorithm, puts at risk what is wrapped under it. Throws `invalid-argument`.
 */
export function assertJwkPurpose(
  jwk: Jwk,
  wanted: { readonly kty: string; readonly alg: RegExp; readonly algName: string },
  argument: string,
): void {
  if (jwk.kty !== wanted.kty) throw invalidArgument(argument, `pass a JSON Web Key whose kty is "${wanted.kty}".`);
  if (jwk.alg !== undefined && !wanted.alg.test(jwk.alg)) {
    throw invalidArgument(argument, `this JSON Web Key says that it is for another algorithm; its alg must be absent or ${wanted.algName}.`);
  }
  if (jwk.use !== undefined && jwk.use !== 'enc') {
    throw invalidArgument(argument, 'this JSON Web Key says that it is not for encryption; its use must be absent or "enc".');
  }
}

/** Refuses a JSON Web Key whose `key_ops` are there and hold none of these. Throws `invalid-argument`. */
export function assertJwkOperations(jwk: Jwk, operations: readonly string[], argument: string): void {
  const { key_ops: allowed } = jwk;
  if (allowed === undefined || operations.some((operation) => allowed.includes(operation))) return;
  const names = operations.map((operation) => `"${operation}"`).join(' or ');
  throw invalidArgument(argument, `this JSON Web Key says what it is for, and ${names} is not among its key_ops.`);
}
