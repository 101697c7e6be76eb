/** Every way to pick `size` of the items, each once, in their order. */
export function* subsetsOf<T>(items: readonly T[], size: number): Generator<readonly T[], void, undefined> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = 0; i + size <= items.length; i++) {
    for (const rest of subsetsOf(items.slice(i + 1), size - 1)) yield [items[i] as T, ...rest];
  }
}

/** Every way to pick one item of each list. */
export function* oneOfEach<T>(lists: readonly (readonly T[])[]): Generator<readonly T[], void, undefined> {
  const [first, ...others] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const item of first) for (const rest of oneOfEach(others)) yield [item, ...rest];
}
