/** Lets everything run that is ready to run. */
export async function idle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The same, and what other threads and sockets of this process have under way. */
export async function settled(): Promise<void> {
  await idle();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await idle();
}
