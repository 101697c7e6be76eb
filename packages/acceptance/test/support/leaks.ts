import { afterAll, expect } from 'vitest';
import { settled, until } from './wait.js';

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

/** Fails the test file if a promise was rejected in it that nobody handled. */
export function expectAllHandled(): void {
  const seen: unknown[] = [];
  const listener = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', listener);
  afterAll(async () => {
    await settled();
    process.off('unhandledRejection', listener);
    expect(seen).toEqual([]);
  });
}
