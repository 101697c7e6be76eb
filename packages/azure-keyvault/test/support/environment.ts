/** Does something under other environment variables; `undefined` takes one away. */
export async function withEnvironment<T>(changes: Readonly<Record<string, string | undefined>>, work: () => Promise<T>): Promise<T> {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  apply(Object.entries(changes));
  try {
    return await work();
  } finally {
    apply(before);
  }
}

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

function apply(values: Iterable<readonly [string, string | undefined]>): void {
  for (const [name, value] of values) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
