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

function apply(values: Iterable<readonly [string, string | undefined]>): void {
  for (const [name, value] of values) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
