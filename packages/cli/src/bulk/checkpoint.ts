import { open, readFile, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { fileOperation, systemCodeOf } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';
import { writeSmallFile } from '../files/write-small-file.js';
import type { FileOutcome } from './file-outcome.js';
import type { NamedKey } from './key-pattern.js';

/** A file that a rewrap is about to change, as it was before. */
export interface Begun {
  readonly path: string;
  readonly revision: number;
  readonly keys: readonly NamedKey[];
}

type Line = { readonly begun: Begun } | { readonly ended: FileOutcome };

const MARK = 'rewrap-checkpoint-v1';
const MODE = 0o600;

/**
 * The log of a bulk rewrap: one JSON object in a line, appended before and after each file. However many files there are,
 * a line costs the same, and a process that is killed in the middle of one loses that line alone. A file that was begun
 * and has no outcome is looked at again, and what was there before tells whether it had been rewrapped already.
 */
export class Checkpoint {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #ended = new Map<string, FileOutcome>();
  readonly #begun = new Map<string, Begun>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, handle: FileHandle, lines: readonly Line[]) {
    this.#path = path;
    this.#handle = handle;
    for (const line of lines) {
      if ('begun' in line) this.#begun.set(line.begun.path, line.begun);
      else {
        this.#ended.set(line.ended.path, line.ended);
        this.#begun.delete(line.ended.path);
      }
    }
  }

  /**
   * Goes on with the checkpoint at a path, or starts one.
   *
   * @param job - what is being done, as JSON: a checkpoint of anything else is refused
   * @throws `invalid-argument`, `file-failed`
   */
  static async open(path: string, job: object): Promise<Checkpoint> {
    const first = { keyfold: MARK, job };
    let text = await readIfThere(path);
    if (text === undefined) {
      text = `${JSON.stringify(first)}\n`;
      await writeSmallFile(path, text, { mode: MODE, overwrite: false });
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const lines = parseLines(path, whole, first);
    const handle = await fileOperation('open', path, open(path, 'r+'));
    try {
      // The line that a killed process did not finish.
      await fileOperation('write', path, handle.truncate(Buffer.byteLength(whole)));
    } finally {
      await handle.close();
    }
    return new Checkpoint(path, await fileOperation('open', path, open(path, 'a')), lines);
  }

  /** What earlier runs brought to an end: those that failed are to be tried again. */
  get ended(): ReadonlyMap<string, FileOutcome> {
    return this.#ended;
  }

  /** How a file was before an earlier run began with it, if that run did not tell how it ended. */
  interrupted(path: string): Begun | undefined {
    return this.#begun.get(path);
  }

  async begin(begun: Begun): Promise<void> {
    await this.#append({ begun });
  }

  async end(ended: FileOutcome): Promise<void> {
    await this.#append({ ended });
  }

  /** Syncs and closes it; removes it when everything is done. */
  async close(isDone: boolean): Promise<void> {
    try {
      await this.#writing;
      await fileOperation('sync', this.#path, this.#handle.sync());
    } finally {
      await this.#handle.close();
    }
    if (isDone) await fileOperation('remove', this.#path, rm(this.#path, { force: true }));
  }

  async #append(line: Line): Promise<void> {
    const write = async (): Promise<void> => {
      await fileOperation('write', this.#path, this.#handle.appendFile(`${JSON.stringify(line)}\n`));
    };
    this.#writing = this.#writing.then(write);
    await this.#writing;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    return await fileOperation('read', path, Promise.reject(error as Error));
  }
}

/** Refuses, before anything is written to it, a file that is none of ours or belongs to another rewrap. */
function parseLines(path: string, text: string, first: object): Line[] {
  let lines: unknown[] = [];
  try {
    lines = text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
  } catch {
    // No JSON, and so no checkpoint.
  }
  const [head, ...rest] = lines;
  if ((head as { readonly keyfold?: unknown } | null | undefined)?.keyfold !== MARK) {
    throw usageError('--checkpoint', `${path} is a file of another kind, and was left as it is; name one that does not exist.`);
  }
  if (isDeepStrictEqual(head, JSON.parse(JSON.stringify(first)))) return rest as Line[];
  throw usageError(
    '--checkpoint',
    `${path} is of a rewrap with other keys or options, or in another folder. Finish that one first, or name another file.`,
  );
}
