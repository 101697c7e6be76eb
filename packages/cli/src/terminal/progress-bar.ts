import type { Progress } from '@keyfold/core/node';
import type { WriteStream } from 'node:tty';
import { renderProgress } from './render-progress.js';
import { ProgressRate } from './progress-rate.js';

/** Milliseconds before the bar appears: most work is done by then. */
const PATIENCE = 1000;
/** Milliseconds between two drawings. */
const INTERVAL = 100;

/** Back to the beginning of the line, and erase it (ECMA-48: CR, EL). */
const ERASE_LINE = '\r\u001b[K';

/** A bar in the last line of a terminal, drawn when progress is reported: it has no timer that could outlive the work. */
export class ProgressBar {
  readonly #stream: WriteStream;
  readonly #name: string;
  readonly #format: ((amount: number) => string) | undefined;
  readonly #started = performance.now();
  readonly #rate = new ProgressRate();
  #drawnAt = 0;

  /** @param format - how an amount of the work is written. Default: as a size in bytes */
  constructor(stream: WriteStream, name: string, format?: (amount: number) => string) {
    this.#stream = stream;
    this.#name = name;
    this.#format = format;
  }

  report({ bytes, totalBytes }: Progress): void {
    const now = performance.now();
    if (now - Math.max(this.#drawnAt, this.#started + PATIENCE - INTERVAL) < INTERVAL) return;
    this.#rate.sample(now, bytes);
    this.#drawnAt = now;
    const state = {
      name: this.#name,
      bytes,
      totalBytes,
      bytesPerSecond: this.#rate.bytesPerSecond(this.#started),
      seconds: (now - this.#started) / 1000,
      ...(this.#format === undefined ? {} : { format: this.#format }),
    };
    this.#stream.write(ERASE_LINE + renderProgress(state, this.#stream.columns));
  }

  /** Takes the bar away, whether the work ended well or not. */
  clear(): void {
    if (this.#drawnAt > 0) this.#stream.write(ERASE_LINE);
    this.#drawnAt = 0;
  }
}

/** Whether a bar may be drawn there: a terminal that knows how to erase a line. */
export function canDraw(stream: WriteStream): boolean {
  return stream.isTTY && process.env['TERM'] !== 'dumb';
}
