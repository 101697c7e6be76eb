import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach } from 'vitest';

/** The command as it is published: `npm test` builds it first. */
export const MAIN: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'keyfold-cli-')));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** A folder that holds nothing but the command `keyfold`, for a PATH. */
const bin = mkdtempSync(join(scratch, 'bin-'));
writeFileSync(join(bin, 'keyfold'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
chmodSync(join(bin, 'keyfold'), 0o755);

/** The folder of the test that runs: a new and empty one for each. */
let current = scratch;
beforeEach(() => {
  current = mkdtempSync(join(scratch, 'test-'));
});

export function folder(): string {
  return current;
}

/** A path in the test's folder. */
export function at(name: string): string {
  return join(current, name);
}

/** Variables that change what commands print, or how they run. `NODE_PATH`, which pnpm sets, helps to packages that nobody else finds. */
const ALTERING = ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_OPTIONS', 'NODE_PATH', 'KEYFOLD_DEBUG'];

/** The environment of commands: this process's, without what changes how they look. */
export function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: bin + delimiter + (process.env['PATH'] ?? ''), ...extra };
  for (const name of ALTERING) if (!(name in extra)) env[name] = undefined;
  return env;
}

/** Starts `keyfold` in the test's folder. */
export function start(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { cwd: current, env: environment(), ...options });
}

/** Runs `keyfold` in the test's folder and waits for its end. */
export async function keyfold(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return await finished(start(args, spawnOptions(options)), options.input);
}

/** Runs a script of the POSIX shell, in which `keyfold` is a command. */
export async function shell(script: string, options: RunOptions = {}): Promise<Finished> {
  return await finished(spawn('/bin/sh', ['-c', script], { cwd: current, env: environment(), ...spawnOptions(options) }), options.input);
}

function spawnOptions({ cwd, env }: RunOptions): SpawnOptions {
  return { ...(cwd === undefined ? {} : { cwd }), ...(env === undefined ? {} : { env: environment(env) }) };
}

/** What a process said, and how it ended. */
export async function finished(child: ChildProcess, input?: string | Uint8Array): Promise<Finished> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  // The command may end before it has read everything.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
