/** A promise that is settled from outside: to hold something back, and to know when it was reached. */
export class Gate<T = void> {
  readonly opened: Promise<T>;
  open!: (value: T) => void;
  fail!: (error: unknown) => void;

  constructor() {
    this.opened = new Promise((resolve, reject) => {
      this.open = resolve;
      this.fail = reject;
    });
  }
}

/** A promise that is never settled. */
export async function never(): Promise<never> {
  return await new Promise<never>(() => undefined);
}

/** Waits until something holds; the test's timeout is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets everything run that is ready to run: promises, streams, finished jobs of other threads. */
export async function idle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 1));
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}
