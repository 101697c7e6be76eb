import { fileFailed, systemCodeOf } from '../errors/file-error.js';
import { StdoutClosed } from '../errors/stdout-closed.js';

/** Takes the parts of an output, one after the other. */
export interface Sink {
  /** Takes over `part`, which must stay as it is. Throws what this write, or the one before, met. */
  write(part: Uint8Array): Promise<void>;
  /** Waits until everything is written. */
  finish(): Promise<void>;
}

/** Writes bytes to stdout, one write under way while the next part is made. */
export class StdoutWriter implements Sink {
  #writing: Promise<void> = Promise.resolve();

  async write(part: Uint8Array): Promise<void> {
    await this.#writing;
    this.#writing = writeToStdout(part);
    // Whoever waits next gets the error.
    this.#writing.catch(() => undefined);
  }

  async finish(): Promise<void> {
    await this.#writing;
  }
}

/** Resolves once stdout took the data. Throws `file-failed`, `StdoutClosed`. */
export async function writeToStdout(data: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(data, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(systemCodeOf(error) === 'EPIPE' ? new StdoutClosed() : fileFailed('write to', 'stdout', error));
    });
  });
}
