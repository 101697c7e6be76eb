import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, without a slash at its end. */
export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

/** Environment in which the tools of the root and of packages/dev are found, and stay quiet. */
export const toolEnvironment = {
  ...process.env,
  PATH: [
    join(root, 'node_modules/.bin'),
    join(root, 'packages/dev/node_modules/.bin'),
    process.env['PATH'] ?? '',
  ].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/**
 * Runs a command and collects what it prints.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeout?: number }} [options]
 *   `show` also passes the output on while it comes; `timeout`, in ms, ends the command.
 * @returns {Promise<{ code: number, output: string, stdout: string }>}
 */
export async function run(command, args, { cwd = root, env = {}, show = false, timeout } = {}) {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...toolEnvironment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    // Not `spawn`'s own, which goes on when the command cannot be started.
    const timer = timeout === undefined ? undefined : setTimeout(() => void child.kill(), timeout);
    let output = '';
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
      stdout += text;
      if (show) process.stdout.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
      if (show) process.stderr.write(text);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output: code === null ? `${output}Ended by ${signal}.\n` : output, stdout });
    });
  });
}
