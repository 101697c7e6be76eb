import { VaultError } from '../protocol/vault-error.js';

/** A bearer token, as `TokenCredential.getToken` of `@azure/core-auth` returns it. */
export interface Token {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresOnTimestamp: number;
}

/** What a token is to say. */
export interface TokenRequest {
  /** The resource it is for: `https://vault.azure.net`, `https://managedhsm.azure.net`. */
  readonly audience: string;
  readonly tenant: string;
  readonly lifetimeMs: number;
}

/** A token that nobody signed (RFC 7519, section 6): it is read here, and nowhere else. */
export function issueToken({ audience, tenant, lifetimeMs }: TokenRequest): Token {
  const now = Date.now();
  const expiresOnTimestamp = now + lifetimeMs;
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${tenant}/`,
    tid: tenant,
    appid: 'simulator',
    oid: 'simulator',
    iat: Math.floor(now / 1000),
    exp: expiresOnTimestamp / 1000,
  };
  return { token: `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.`, expiresOnTimestamp };
}

/**
 * Refuses a request without a token for this audience that is valid now. Who signed a token is not
 * looked at. Clients keep tokens by the system's clock, so it is the system's clock that ends them.
 *
 * @throws VaultError `Unauthorized`
 */
export function checkToken(authorization: string | undefined, audience: string, tenant: string): void {
  const refuse = (message: string, error = ''): VaultError => {
    const challenge = `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="${audience}"${error}`;
    return new VaultError(401, 'Unauthorized', message, { headers: { 'www-authenticate': challenge } });
  };
  const [scheme, token] = (authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token) throw refuse('AKV10000: Request is missing a Bearer or PoP token.');
  const claims = claimsOf(token);
  const invalid = (message: string): VaultError => refuse(message, `, error="invalid_token", error_description="${message}"`);
  if (claims === undefined) throw invalid('The token is no JSON Web Token.');
  const { aud, exp } = claims;
  if (typeof aud !== 'string' || aud.replace(/\/$/, '') !== audience) {
    throw invalid(`AKV10022: Invalid audience. Expected ${audience}, found: ${String(aud)}.`);
  }
  if (typeof exp !== 'number' || exp * 1000 <= Date.now()) throw invalid('The token is expired.');
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, claims, signature] = token.split('.');
  if (claims === undefined || signature === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString());
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
