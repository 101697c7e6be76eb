import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../..', import.meta.url));
/** The command as it is published. */
export const COMMAND: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Brings dist up to date with the sources. */
export function build(): void {
  const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-b', 'tsconfig.build.json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end. */
export function run(...args: string[]): Ended {
  const { status: code, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });
  return { code, stdout, stderr };
}

/** What `--json` prints. */
export interface Ready {
  readonly ready: true;
  readonly version: string;
  readonly pid: number;
  readonly aws: {
    readonly endpoint: string;
    readonly account: string;
    readonly environment: Record<string, string>;
    readonly keys: { readonly alias: string; readonly region: string; readonly arn: string }[];
  };
  readonly gcp: {
    readonly endpoint: string;
    readonly apiEndpoint: string;
    readonly port: number;
    readonly project: string;
    readonly keys: { readonly name: string }[];
  };
  readonly azure: {
    readonly endpoint: string;
    readonly vaults: Record<string, string>;
    readonly identityEndpoint: string;
    readonly ca: string;
    readonly environment: Record<string, string>;
    readonly keys: { readonly id: string }[];
  };
  readonly control: { readonly url: string };
  readonly state: string | null;
}

/** A running command. */
export interface Running {
  readonly ready: Ready;
  /** Sends a signal and waits for the end. */
  end(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
}

/** Starts the command and waits until it says that it is ready. */
export async function launch(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [COMMAND, '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    ready: JSON.parse(await firstLine(child)) as Ready,
    end: async (signal) => {
      child.kill(signal);
      if (child.exitCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

async function firstLine(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('The command ended without a word.');
}
