import { randomBytes } from 'node:crypto';
import type { BigIntStats, Stats } from 'node:fs';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { invalidArgument } from '../errors/throw.js';
import { copyPermissions } from './copy-permissions.js';
import { codeOf, fileExists, fileOperation } from './file-error.js';
import { FileWriter } from './file-writer.js';
import { resolveTarget } from './resolve-target.js';
import { syncFolder } from './sync-folder.js';

export interface AtomicFileOptions {
  /** Whether an existing file may be replaced. */
  readonly overwrite: boolean;
  /** Permission bits of a new file, before the process's umask. A replaced file's permissions are kept. */
  readonly mode: number;
  /** How the caller calls the path, for errors. Default `target`. */
  readonly argument?: string;
  /** Where it is written before it gets its name, in the same folder. Default: a name of its own. */
  readonly temporary?: string;
}

/** UTF-16 units of a target's name that its temporary name takes over: at most 150 bytes of the 255 that a name may have. */
const NAME_LENGTH = 50;

/**
 * A file that appears under its name whole, or not at all: it is written under a temporary name in the same folder,
 * synced, and then renamed. Whoever opens one either commits or discards it.
 */
export class AtomicFile {
  readonly writer: FileWriter;
  /** How the caller calls the path, for errors. */
  readonly argument: string;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #temporary: string;
  readonly #overwrite: boolean;
  #published = false;
  /** Where the old file lies that this one takes the place of. */
  #kept: string | undefined;

  private constructor(handle: FileHandle, path: string, temporary: string, { overwrite, argument }: AtomicFileOptions) {
    this.writer = new FileWriter(handle, temporary);
    this.argument = argument ?? 'target';
    this.#handle = handle;
    this.#path = path;
    this.#temporary = temporary;
    this.#overwrite = overwrite;
  }

  /** Throws `file-exists`, `file-failed`, and `invalid-argument` when the target is no regular file. */
  static async open(target: string, options: AtomicFileOptions): Promise<AtomicFile> {
    const path = await resolveTarget(target);
    const existing = await statIfThere(path);
    if (existing !== undefined && !existing.isFile()) {
      throw invalidArgument(options.argument ?? 'target', `${target} is not a regular file; name a file, or use a stream.`);
    }
    if (existing !== undefined && !options.overwrite) throw fileExists(target);
    const temporary = options.temporary ?? temporaryName(path);
    const handle = await fileOperation('create', temporary, open(temporary, 'wx', options.mode));
    const file = new AtomicFile(handle, path, temporary, options);
    if (existing === undefined) return file;
    try {
      await fileOperation('set the permissions of', temporary, copyPermissions(handle, existing));
      return file;
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  /** Writes out and syncs everything, still under the temporary name. Throws `file-failed`. */
  async finish(): Promise<void> {
    await this.writer.finish();
    await fileOperation('close', this.#temporary, this.#handle.close());
  }

  /**
   * Gives a finished file its name. Throws `file-exists` when one has come into being there, and `file-failed`.
   *
   * @param keepOld - keep the file whose place it takes, under a temporary name, until `settle` or `withdraw`
   */
  async publish(keepOld = false): Promise<void> {
    if (keepOld && this.#overwrite) await this.#keepOld();
    if (this.#overwrite) await fileOperation('rename to', this.#path, rename(this.#temporary, this.#path));
    else await this.#publishNew();
    this.#published = true;
    await syncFolder(dirname(this.#path));
  }

  /**
   * Whether it would take the place of another one that is published: two names may be one, as `A` and `a` are on some file
   * systems, and nobody knows before there is a file.
   */
  async wouldReplace(other: AtomicFile): Promise<boolean> {
    // As integers: the numbers of Windows do not fit into a double, in which those of two files may be equal.
    const [mine, its] = [await identityOf(this.#path), await identityOf(other.#path)];
    return mine !== undefined && mine.dev === its?.dev && mine.ino === its.ino;
  }

  /** Lets go of the old file that `publish` kept. Never throws: what is published stays so. */
  async settle(): Promise<void> {
    if (this.#kept !== undefined) await rm(this.#kept, { force: true }).catch(() => undefined);
    this.#kept = undefined;
  }

  /** Takes back the name that `publish` gave, and gives it to the old file that was kept. Throws `file-failed`. */
  async withdraw(): Promise<void> {
    if (this.#kept !== undefined) {
      const operation = `put the old file, now at ${this.#kept}, back to`;
      await fileOperation(operation, this.#path, rename(this.#kept, this.#path));
      // Two names of one file are left alone by `rename`: nothing had taken the old one's place.
      await this.settle();
    } else if (this.#published) {
      await fileOperation('remove', this.#path, rm(this.#path, { force: true }));
    }
    await syncFolder(dirname(this.#path));
  }

  /** Removes what was written and not published. Never throws: it may run after another error. */
  async discard(): Promise<void> {
    if (this.#published) return;
    await this.writer.abandon();
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
  }

  /** A second name for the old file, if there is one. */
  async #keepOld(): Promise<void> {
    if ((await statIfThere(this.#path))?.isFile() !== true) return;
    const kept = temporaryName(this.#path);
    try {
      await link(this.#path, kept);
    } catch {
      // A file system without hard links: for a moment the old file has only its temporary name.
      await fileOperation('rename', this.#path, rename(this.#path, kept));
    }
    this.#kept = kept;
  }

  /** `rename` would replace a file that came into being meanwhile; `link` refuses to. */
  async #publishNew(): Promise<void> {
    try {
      await link(this.#temporary, this.#path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw fileExists(this.#path);
      // A file system without hard links: look once more, then rename.
      if ((await statIfThere(this.#path)) !== undefined) throw fileExists(this.#path);
      await fileOperation('rename to', this.#path, rename(this.#temporary, this.#path));
      return;
    }
    this.#published = true;
    await fileOperation('remove', this.#temporary, rm(this.#temporary));
  }
}

function temporaryName(path: string): string {
  const suffix = randomBytes(6).toString('hex');
  return join(dirname(path), `.${basename(path).slice(0, NAME_LENGTH)}.${suffix}.keyfold-tmp`);
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    return await fileOperation('look at', path, Promise.reject(error as Error));
  }
}

async function identityOf(path: string): Promise<BigIntStats | undefined> {
  return await stat(path, { bigint: true }).catch(() => undefined);
}
