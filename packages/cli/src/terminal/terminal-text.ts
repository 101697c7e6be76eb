import { usageError } from '../errors/usage-error.js';
import type { Sink } from '../files/stdout-writer.js';
import { writeToStdout } from '../files/stdout-writer.js';

/** What a terminal obeys rather than shows, but for the ends of lines and tabs. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;

/** Writes plaintext to a terminal as long as it is text: anything else could take the terminal over. */
export class TerminalText implements Sink {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });

  /** Throws `invalid-argument` for what is no text. Nothing of the part is shown then. */
  async write(part: Uint8Array): Promise<void> {
    await this.#show(part, true);
  }

  async finish(): Promise<void> {
    await this.#show(new Uint8Array(0), false);
  }

  async #show(part: Uint8Array, stream: boolean): Promise<void> {
    let text: string | undefined;
    try {
      text = this.#decoder.decode(part, { stream });
    } catch {
      // Ill-formed UTF-8.
    }
    if (text === undefined || CONTROL.test(text)) {
      throw usageError('--output', 'the plaintext is binary and stdout is a terminal: write it to a file with -o <file>, or pipe it on.');
    }
    await writeToStdout(text);
  }
}
