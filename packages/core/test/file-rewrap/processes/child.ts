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

/** Starts a process that runs the built package. */
export function startRewrapping(job: RewrapJob, incident?: Incident): Rewrapping {
  const preload = incident === undefined ? [] : ['--import', pathToFileURL(script('step-counter.mjs')).href];
  const env: NodeJS.ProcessEnv = { ...process.env };
  if (incident !== undefined) {
    env['STEPS_LOG'] = incident.log;
    env['STEPS_AT'] = String(incident.at ?? 0);
    env['STEPS_DO'] = incident.what ?? 'kill';
  }
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
