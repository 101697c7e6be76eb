import { withDeadline } from '@keyfold/core/keyring';
import type { AzureKeyVaultCredential } from './vault-client.js';

type GetToken = AzureKeyVaultCredential['getToken'];
type Token = NonNullable<Awaited<ReturnType<GetToken>>>;

/** The credential had no token to give. */
export class NoToken extends Error {
  override readonly name = 'NoToken';
  constructor(cause: unknown) {
    super('There is no token.', { cause });
  }
}

/** How long before its end a token is replaced, in ms. */
const EARLY = 120_000;
/** Kept at most: one for each tenant that a vault names. */
const MOST = 16;

/**
 * A credential whose tokens all clients of a keyring share. It tells them that each has just expired, so that they ask here
 * for every request: by itself, the SDK replaces a token in the background, where a failure that outlasts the token is a
 * rejection that nobody handles, and ends the process.
 *
 * @param timeoutMs - in ms; a token is for all, so it is not the signal of one call that ends the search for it
 */
export function sharedTokens(credential: AzureKeyVaultCredential, timeoutMs: number): AzureKeyVaultCredential {
  const known = new Map<string, Token>();
  const searches = new Map<string, Promise<Token>>();

  const search = async (key: string, [scopes, options]: Parameters<GetToken>): Promise<Token> => {
    const find = async (abortSignal: AbortSignal): Promise<Token | null> => await credential.getToken(scopes, { ...options, abortSignal });
    try {
      const token = await withDeadline(find, timeoutMs, new AbortController().signal);
      if (token === null) throw new Error('The credential gave no token.');
      if (known.size >= MOST) known.clear();
      known.set(key, token);
      return token;
    } catch (error) {
      throw new NoToken(error);
    } finally {
      searches.delete(key);
    }
  };

  return {
    async getToken(scopes, options) {
      // With claims, the service says that the token at hand will not do.
      const key = JSON.stringify([scopes, options?.tenantId, options?.claims]);
      const old = known.get(key);
      if (old !== undefined && isFresh(old)) return expired(old);
      let searching = searches.get(key);
      if (searching === undefined) {
        searching = search(key, [scopes, options]);
        searches.set(key, searching);
      }
      try {
        return expired(await searching);
      } catch (error) {
        if (old !== undefined && old.expiresOnTimestamp > Date.now()) return expired(old);
        throw error;
      }
    },
  };
}

function isFresh({ expiresOnTimestamp, refreshAfterTimestamp = Infinity }: Token): boolean {
  return Math.min(expiresOnTimestamp - EARLY, refreshAfterTimestamp) > Date.now();
}

function expired(token: Token): Token {
  const { refreshAfterTimestamp: _none, ...rest } = token;
  return { ...rest, expiresOnTimestamp: 0 };
}
