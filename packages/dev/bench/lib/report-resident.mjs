// Loaded into a process ahead of its program (`node --import`): in the end, writes the most memory that was resident,
// in KiB, into the file that KEYFOLD_BENCH_RESIDENT names.
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env['KEYFOLD_BENCH_RESIDENT'] ?? '', String(mostResident()));
});

/**
 * Linux counts what the parent held at the fork into `maxRSS`; the high-water mark of the address space it does not.
 */
function mostResident() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
