import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** An empty folder for each test of a file, gone after it. */
export class TempFolder {
  path = '';

  constructor() {
    beforeEach(async () => {
      this.path = await mkdtemp(join(tmpdir(), 'keyfold-test-'));
    });
    afterEach(async () => {
      await rm(this.path, { recursive: true, force: true });
    });
  }

  /** The path of a file in it. */
  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  /** The names of all files in it, hidden ones too. */
  async names(): Promise<string[]> {
    return (await readdir(this.path)).sort();
  }
}
