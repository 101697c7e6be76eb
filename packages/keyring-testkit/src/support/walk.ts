/** An SDK's error may lead to its client, sockets and agents: that many objects are looked at, nearest first. */
const MOST_OBJECTS = 20_000;

/**
 * Looks at everything that can be reached from a value, nearest first, as somebody would who prints it: own properties
 * whether enumerable or not, causes, the entries of arrays, maps and sets. Returns the path to the first value that
 * `found` says yes to, or `undefined`.
 */
export function walk(start: unknown, found: (value: unknown) => boolean): string | undefined {
  const queue: { value: unknown; path: string }[] = [{ value: start, path: 'error' }];
  const seen = new Set<unknown>();
  for (const { value, path } of queue) {
    if (found(value)) return path;
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) continue;
    if (seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    if (seen.size > MOST_OBJECTS) return undefined;
    for (const [name, child] of childrenOf(value)) queue.push({ value: child, path: `${path}.${name}` });
  }
  return undefined;
}

function childrenOf(value: object): [string, unknown][] {
  const children: [string, unknown][] = [];
  if (value instanceof Error) {
    // These may be inherited, or be made by a getter.
    for (const name of ['name', 'message', 'stack', 'cause'] as const) children.push([name, read(value, name)]);
  }
  for (const key of Reflect.ownKeys(value)) children.push([String(key), read(value, key)]);
  if (value instanceof Map) {
    for (const [key, item] of value as Map<unknown, unknown>) children.push(['(key)', key], ['(value)', item]);
  } else if (value instanceof Set) {
    for (const item of value as Set<unknown>) children.push(['(item)', item]);
  }
  return children;
}

function read(value: object, key: string | symbol): unknown {
  try {
    return (value as Record<string | symbol, unknown>)[key];
  } catch {
    // A getter that throws shows nothing.
    return undefined;
  }
}
