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

/** A machine on which nothing of AWS is set up. */
export const NOTHING_SET_UP: Readonly<Record<string, string | undefined>> = {
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_PROFILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
};

function apply(values: Iterable<readonly [string, string | undefined]>): void {
  for (const [name, value] of values) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
