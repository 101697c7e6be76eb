import { until } from './until.js';

/** What keeps a process alive: sockets of both ends (the simulators are in this process), and timers. */
export interface Resources {
  readonly sockets: number;
  readonly timers: number;
}

export function resources(): Resources {
  const all = process.getActiveResourcesInfo();
  return {
    sockets: all.filter((name) => name.startsWith('TCPSocket')).length,
    timers: all.filter((name) => name === 'Timeout').length,
  };
}

/** Waits until no more sockets and timers are there than before. */
export async function expectNothingLeft(before: Resources): Promise<void> {
  await until(() => {
    const now = resources();
    return now.sockets <= before.sockets && now.timers <= before.timers;
  });
}

/** Does something, then waits until no more sockets and timers are there than before. */
export async function withoutLeaks(work: () => Promise<void>): Promise<void> {
  const before = resources();
  await work();
  await expectNothingLeft(before);
}

/** The same for timers alone, where a client keeps its sockets. */
export async function withoutTimers(work: () => Promise<void>): Promise<void> {
  const before = resources().timers;
  await work();
  await until(() => resources().timers <= before);
}
