import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'keyfold-rewrap-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
});

let made = 0;

/** The path of a new empty folder, which is gone when the test file has ended. */
export function newFolder(): string {
  const folder = join(root, String(made++));
  mkdirSync(folder);
  return folder;
}

/** The names in a folder, hidden ones too. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** A step of a process: see step-counter.mjs. */
export interface Step {
  readonly step: number;
  readonly name: string;
  readonly path: string;
  readonly to?: string;
  readonly bytes?: number;
}

/** What a process has written into its log of steps. */
export function stepsIn(log: string): Step[] {
  return readFileSync(log, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Step);
}
