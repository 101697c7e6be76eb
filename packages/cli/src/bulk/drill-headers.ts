import { readHeader } from '@keyfold/core/node';
import type { DrillHeader } from '@keyfold/recovery';
import { createReadStream } from 'node:fs';
import { fileOperation } from '../errors/file-error.js';
import { MAX_TEXT_BYTES, readWhole, textToBytes } from '../files/text-form.js';
import { envelopeFormOf } from './envelope-form.js';
import { describeError } from './file-outcome.js';
import type { ListedFile } from './list-files.js';
import type { UnreadableFile } from './read-envelopes.js';

/** Headers that are read at a time: enough to keep a disk busy. */
const CONCURRENCY = 16;

/** The headers of all envelopes among files, for a drill: read anew each time that it is iterated over. */
export class DrillHeaders implements AsyncIterable<DrillHeader> {
  readonly #files: readonly ListedFile[];
  readonly #onFile: (done: number) => void;
  /** Of the last pass. */
  passedOver = 0;
  unreadable: UnreadableFile[] = [];

  constructor(files: readonly ListedFile[], onFile: (done: number) => void) {
    this.#files = files;
    this.#onFile = onFile;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<DrillHeader, void, undefined> {
    this.passedOver = 0;
    this.unreadable = [];
    for (let at = 0; at < this.#files.length; at += CONCURRENCY) {
      const batch = this.#files.slice(at, at + CONCURRENCY);
      for (const header of await Promise.all(batch.map(async (file) => await this.#read(file)))) {
        if (header !== undefined) yield header;
      }
      this.#onFile(at + batch.length);
    }
  }

  /** Never rejects: a file that cannot be read is not forgotten. */
  async #read({ path, named, failure }: ListedFile): Promise<DrillHeader | undefined> {
    try {
      if (failure !== undefined) throw failure;
      const form = await envelopeFormOf(path);
      if (form === undefined && !named) {
        this.passedOver++;
        return undefined;
      }
      return { id: path, header: form === 'text' ? await readText(path) : await readHeader(path) };
    } catch (error) {
      this.unreadable.push({ path, error: describeError(error) });
      return { id: path, error };
    }
  }
}

async function readText(path: string): Promise<Uint8Array> {
  const reading = readWhole(createReadStream(path), 2 * MAX_TEXT_BYTES, 'textLength', 'This is too long for an envelope as text.');
  return textToBytes(await fileOperation('read', path, reading));
}
