import { readFile } from 'node:fs/promises';
import { SimulatorError } from '../errors.js';
import { writeFileAtomically } from './write-file-atomically.js';

const FORMAT = 'keyfold-kms-simulators-state';
const VERSION = 1;

/**
 * What outlives the process: one JSON file with a section per provider, or nothing at all when no
 * file was asked for. Sections of providers that are not running are kept as they are.
 */
export class StateFile {
  readonly #path: string | undefined;
  readonly #sections: Map<string, unknown>;
  readonly #sources = new Map<string, () => unknown>();
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(path: string | undefined, sections: Map<string, unknown>) {
    this.#path = path;
    this.#sections = sections;
  }

  /**
   * Reads the file; one that does not exist yet is an empty state.
   *
   * @throws SimulatorError `state-unreadable`
   */
  static async open(path: string | undefined, signal?: AbortSignal): Promise<StateFile> {
    if (path === undefined) return new StateFile(undefined, new Map());
    try {
      return new StateFile(path, parse(await readFile(path, { encoding: 'utf8', signal })));
    } catch (error) {
      signal?.throwIfAborted();
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new StateFile(path, new Map());
      throw new SimulatorError(
        'state-unreadable',
        `The state file ${path} cannot be used: ${(error as Error).message} ` +
          'It was left as it is; name another file, or move this one away to start afresh.',
        { cause: error },
      );
    }
  }

  /** The section as it was read; `undefined` if there is none. */
  section(name: string): unknown {
    return this.#sections.get(name);
  }

  /** Where the section's content comes from whenever the file is written; a plain JSON value. */
  provide(name: string, source: () => unknown): void {
    this.#sources.set(name, source);
  }

  /** Resolves when the file holds what the sources say now. Calls made meanwhile share one write. */
  async save(): Promise<void> {
    if (this.#path === undefined) return;
    const path = this.#path;
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(async () => {
        this.#writing = this.#next ?? Promise.resolve();
        this.#next = undefined;
        await this.#write(path);
      });
    await this.#next;
  }

  async #write(path: string): Promise<void> {
    for (const [name, source] of this.#sources) this.#sections.set(name, source());
    const content = { format: FORMAT, version: VERSION, ...Object.fromEntries(this.#sections) };
    await writeFileAtomically(path, `${JSON.stringify(content, undefined, 1)}\n`);
  }
}

function parse(text: string): Map<string, unknown> {
  const content: unknown = JSON.parse(text);
  if (typeof content !== 'object' || content === null) throw new Error('It holds no JSON object.');
  const { format, version, ...sections } = content as Record<string, unknown>;
  if (format !== FORMAT) throw new Error('It was not written by these simulators.');
  if (version !== VERSION) {
    throw new Error(`Its version is ${JSON.stringify(version)}; this release reads version ${VERSION}.`);
  }
  return new Map(Object.entries(sections));
}
