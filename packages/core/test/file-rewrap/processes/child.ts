import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a child does: see rewrap-child.mjs. */
export interface RewrapJob {
  readonly path: string;
  readonly opens: string;
  readonly wraps?: string;
  readonly removes?: string;
  readonly times?: number;
  readonly options?: object;
}

/** What happens at one of its steps: see step-counter.mjs. */
export interface Incident {
  readonly log: string;
  readonly at?: number;
  readonly what?: 'kill' | 'tear' | 'fail' | 'no-links';
}

export interface Rewrapping {
  readonly process: ChildProcess;
  /** The lines that it wrote, once it has ended. */
  readonly ended: Promise<{ readonly lines: readonly string[]; readonly signal: string | null }>;
}

const script = (name: string): string => join(import.meta.dirname, name);

/** What a process of Node is started with for something to happen at one of its steps. */
export function withIncident(incident: Incident | undefined): { readonly preload: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  if (incident === undefined) return { preload: [], env: process.env };
  const { log, at = 0, what = 'kill' } = incident;
  const env = { ...process.env, STEPS_LOG: log, STEPS_AT: String(at), STEPS_DO: what };
  return { preload: ['--import', pathToFileURL(script('step-counter.mjs')).href], env };
}

/** Starts a process that runs the built package. */
export function startRewrapping(job: RewrapJob, incident?: Incident): Rewrapping {
  const { preload, env } = withIncident(incident);
  const child = spawn(process.execPath, [...preload, script('rewrap-child.mjs'), JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ lines: string[]; signal: string | null }>((resolve) => {
    child.on('close', (_code, signal) => {
      resolve({ lines: output.split('\n').filter((line) => line !== ''), signal });
    });
  });
  return { process: child, ended };
}
