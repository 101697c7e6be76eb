import type { OnProgress } from '@keyfold/core/node';
import { canDraw, ProgressBar } from '../terminal/progress-bar.js';
import type { ReportOptions, TraceOptions } from './outcome.js';

/**
 * Runs work that reports its progress, with a bar on stderr when that is a terminal and the user wants to see it.
 *
 * @param format - how an amount of the work is written. Default: as a size in bytes
 */
export async function withProgressBar<T>(
  name: string,
  options: ReportOptions & TraceOptions,
  work: (onProgress: OnProgress | undefined) => Promise<T>,
  format?: (amount: number) => string,
): Promise<T> {
  const isBarred = options.quiet === true || options.json === true || options.trace === true;
  if (isBarred || !canDraw(process.stderr)) return await work(undefined);
  const bar = new ProgressBar(process.stderr, name, format);
  try {
    return await work((progress) => {
      bar.report(progress);
    });
  } finally {
    bar.clear();
  }
}
