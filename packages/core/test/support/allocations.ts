/**
 * The largest buffer, in bytes, that `work` made with `new Uint8Array(length)`. The global constructor is replaced while
 * it runs, so that what a hostile length field makes a parser reserve can be seen.
 */
export async function largestAllocation(work: () => unknown): Promise<number> {
  const real = globalThis.Uint8Array;
  let largest = 0;
  globalThis.Uint8Array = new Proxy(real, {
    construct(target, args: [unknown], newTarget) {
      if (typeof args[0] === 'number') largest = Math.max(largest, args[0]);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  try {
    await work();
  } finally {
    globalThis.Uint8Array = real;
  }
  return largest;
}
