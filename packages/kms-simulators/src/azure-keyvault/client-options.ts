import { IDENTITY_HEADER } from './identity/identity-server.js';
import { issueToken, type Token } from './identity/tokens.js';

/** What a `KeyClient` and a `CryptographyClient` of `@azure/keyvault-keys` need to reach the simulator. */
export interface AzureClientOptions {
  /** The certificate that the simulator made for itself. */
  readonly tlsOptions: { readonly ca: string };
  /** 127.0.0.1 is not below vault.azure.net, which the SDK otherwise insists on. */
  readonly disableChallengeResourceVerification: true;
}

/** A `TokenCredential` of `@azure/core-auth`. */
export interface AzureCredential {
  getToken(scopes: string | string[]): Promise<Token>;
}

const HOUR = 3_600_000;

/** A credential that has tokens for every resource, without a request. */
export function credential(tenant: string): AzureCredential {
  return {
    getToken: async (scopes) => {
      const [scope = ''] = [scopes].flat();
      return await Promise.resolve(issueToken({ audience: scope.replace(/\/\.default$/, ''), tenant, lifetimeMs: HOUR }));
    },
  };
}

/** What makes a `DefaultAzureCredential` ask for tokens here, and Node trust the certificate. */
export function environment(identityEndpoint: string, caFile: string | undefined): Record<string, string> {
  return {
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    IDENTITY_ENDPOINT: identityEndpoint,
    IDENTITY_HEADER,
    ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
  };
}
