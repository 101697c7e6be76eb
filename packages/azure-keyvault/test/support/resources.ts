import { until } from './held.js';

/** Timers keep a process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

/** Does something, then waits until no more timers are there than before. */
export async function withoutTimers(work: () => Promise<void>): Promise<void> {
  const before = timers();
  await work();
  await until(() => timers() <= before);
}
