import { until } from './held.js';

/** What keeps a process alive: sockets of both ends (the simulator is in this process), and timers. */
function resources(): { readonly sockets: number; readonly timers: number } {
  const all = process.getActiveResourcesInfo();
  return {
    sockets: all.filter((name) => name.startsWith('TCPSocket')).length,
    timers: all.filter((name) => name === 'Timeout').length,
  };
}

/** Does something, then waits until no more sockets and timers are there than before. */
export async function withoutLeaks(work: () => Promise<void>): Promise<void> {
  const before = resources();
  await work();
  await until(() => {
    const now = resources();
    return now.sockets <= before.sockets && now.timers <= before.timers;
  });
}
