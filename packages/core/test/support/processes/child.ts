import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { withIncident } from '../../file-rewrap/processes/child.js';
import type { Incident } from '../../file-rewrap/processes/child.js';

/** What a child process does: see run-file-operation.mjs. */
export interface FileOperation {
  readonly operation: 'encrypt' | 'decrypt';
  readonly source: string;
  readonly target: string;
  readonly keyHex: string;
  readonly headerFile?: string;
  readonly overwrite?: boolean;
  readonly segmentSize?: number;
}

export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  /** The lines that it writes. */
  readonly lines: AsyncIterable<string>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

const SCRIPT = join(import.meta.dirname, 'run-file-operation.mjs');

/**
 * Starts a process that runs the built package.
 *
 * @param limitBlocks - blocks of 512 bytes that a file which it writes may have at most
 * @param incident - what happens at one of its steps
 */
export function startChild(operation: FileOperation, limitBlocks?: number, incident?: Incident): Child {
  const { preload, env } = withIncident(incident);
  const command = [process.execPath, ...preload, SCRIPT, JSON.stringify(operation)];
  const [file, args] =
    limitBlocks === undefined
      ? [process.execPath, command.slice(1)]
      : ['sh', ['-c', `ulimit -f ${limitBlocks}; exec "$@"`, 'sh', ...command]];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return { process: child, lines: createInterface({ input: child.stdout }), exited };
}
