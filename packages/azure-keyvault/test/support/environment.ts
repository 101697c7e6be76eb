/** A machine on which nothing of Azure is set up. */
export const NOTHING_SET_UP: Readonly<Record<string, string | undefined>> = {
  AZURE_AUTHORITY_HOST: undefined,
  AZURE_CLIENT_ID: undefined,
  AZURE_CLIENT_SECRET: undefined,
  AZURE_FEDERATED_TOKEN_FILE: undefined,
  AZURE_TENANT_ID: undefined,
  AZURE_TOKEN_CREDENTIALS: undefined,
  IDENTITY_ENDPOINT: undefined,
  IDENTITY_HEADER: undefined,
};
