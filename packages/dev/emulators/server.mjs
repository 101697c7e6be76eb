import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';

/** Milliseconds in which it must take connections. */
const START = 60_000;

/**
 * Starts an emulator on a port of its own on loopback, and waits until it takes connections. Says why if it does not.
 *
 * @param {import('./list.mjs').Emulator} emulator
 * @returns {Promise<{ url: string, stop(): Promise<void> } | { failure: string }>}
 */
export async function startServer({ program, start }) {
  const port = await freePort();
  const { args, env = {} } = start(port);
  const folder = join(root, '.emu', 'run');
  mkdirSync(folder, { recursive: true });
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (said = `${said}${text}`.slice(-2000)));
  // A program that cannot be started ends with an error, and says so.
  const ended = once(child, 'close').catch((/** @type {unknown} */ error) => void (said = String(error)));
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    child.kill();
    await ended;
  };
  const until = performance.now() + START;
  while (!(await takesConnections(port))) {
    if (!isRunning() || performance.now() > until) {
      await stop();
      return { failure: `it does not start. It said: ${said.trim().split('\n').at(-1) ?? ''}` };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** @param {number} port @returns {Promise<boolean>} */
async function takesConnections(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
