/**
 * Every Uint8Array that is made while `work` runs, by whatever code: the global constructor is replaced meanwhile, and so is
 * the one that arrays name as theirs, which some code compares with it.
 */
export async function arraysMade(work: () => Promise<void>): Promise<readonly Uint8Array[]> {
  const real = globalThis.Uint8Array;
  const made: Uint8Array[] = [];
  const watched = new Proxy(real, {
    construct(target, args: unknown[], newTarget) {
      const array = Reflect.construct(target, args, newTarget) as Uint8Array;
      made.push(array);
      return array;
    },
  });
  const become = (constructor: typeof real): void => {
    globalThis.Uint8Array = constructor;
    Object.defineProperty(real.prototype, 'constructor', { value: constructor, configurable: true, writable: true });
  };
  become(watched);
  try {
    await work();
  } finally {
    become(real);
  }
  return made;
}
