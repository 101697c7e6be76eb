import { colorsFor } from '../terminal/colors.js';
import type { Colors } from '../terminal/colors.js';
import { printableLine } from '../terminal/printable.js';
import { withKeyTrace } from './key-trace.js';
import type { KeyEvent } from './key-trace.js';

/** Runs work, and says on stderr which keys it asks and what comes of that, a line each: for people, or as JSON. */
export async function printTrace<T>(options: { readonly json?: boolean }, work: () => Promise<T>): Promise<T> {
  const colors = colorsFor(process.stderr);
  const started = performance.now();
  const print = (event: KeyEvent): void => {
    const atMs = performance.now() - started;
    process.stderr.write(`${options.json === true ? asJson(event, atMs) : asText(event, atMs, colors)}\n`);
  };
  return await withKeyTrace(print, work);
}

function asJson(event: KeyEvent, atMs: number): string {
  const { tookMs } = event;
  return JSON.stringify({ trace: { atMs: rounded(atMs), ...event, ...(tookMs === undefined ? {} : { tookMs: rounded(tookMs) }) } });
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** `    47 ms  gcp-kms projects/…: answered after 35 ms`. */
function asText(event: KeyEvent, atMs: number, colors: Colors): string {
  const file = event.file === undefined ? '' : colors.dim(`  (${printableLine(event.file)})`);
  const key = printableLine(`${event.provider} ${event.keyring}`);
  return `${colors.dim(`${atMs.toFixed(0).padStart(6)} ms`)}  ${key}: ${whatHappened(event, colors)}${file}`;
}

const QUESTION = { wrap: 'asked to wrap', unwrap: 'asked to unwrap', generate: 'asked for a data key' } as const;

function whatHappened({ event, operation, tookMs = 0, failures = [] }: KeyEvent, colors: Colors): string {
  const after = `after ${tookMs.toFixed(0)} ms`;
  switch (event) {
    case 'asked':
      return QUESTION[operation];
    case 'answered':
      return colors.green(`answered ${after}`);
    case 'no-key':
      return 'opens none of the keys of this envelope';
    case 'failed':
      return colors.red(`failed ${after} (${failures.map(({ reason }) => reason).join(', ')})`);
    case 'given-up':
      return colors.yellow(`no longer waited for ${after}`);
  }
}
