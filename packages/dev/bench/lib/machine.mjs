import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { GIB } from './units.mjs';

/** What a reader of the figures needs to know of the machine that gave them. */
export function describeMachine() {
  return {
    date: new Date().toISOString(),
    node: process.version,
    openssl: process.versions.openssl,
    system: `${platform()} ${release()} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / GIB),
    loadAverage: loadAverage(),
  };
}

/** Processes that wanted to run, on average over the last minute; always 0 on Windows. */
export function loadAverage() {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}
