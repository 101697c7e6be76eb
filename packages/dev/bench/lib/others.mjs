import { cpus } from 'node:os';

/** The share of the machine's processor time that other programs may take in a round that counts as undisturbed. */
export const TOLERATED = 0.1;

/**
 * Starts to watch what other programs do, and returns what tells their share of all processor time since then, 0 to 1.
 * Systems count in ticks of 10 ms: over less than 100 ms the share is rough.
 */
export function watchOthers() {
  const busyBefore = busyTime();
  const ownBefore = ownCpuTime();
  const started = performance.now();
  return () => {
    const available = (performance.now() - started) * cpus().length;
    return Math.max(0, busyTime() - busyBefore - (ownCpuTime() - ownBefore)) / available;
  };
}

/** Milliseconds that all processors together have worked. */
function busyTime() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** Milliseconds that this process has had, all its threads together. */
export function ownCpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
