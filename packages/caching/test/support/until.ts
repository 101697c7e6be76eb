/** Until something has come true; a test whose time runs out says which. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await idle();
}

/** Until all that waits for nothing from outside has run. */
export async function idle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
