// Loaded into a process before anything else, this counts the operations by which it changes what is on the disk, and at
// one of them ends the process, writes half of what was to be written and ends it, or fails the operation. Each is written
// to a file as a line of JSON. What the environment says:
//   STEPS_LOG   the file
//   STEPS_AT    the number of the operation, from 1 on; nothing happens if there is none
//   STEPS_DO    kill | tear | fail | no-links (every `link` fails, as on a file system without hard links; and it kills)
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env['STEPS_AT'] ?? 0);
const what = process.env['STEPS_DO'] ?? 'kill';
const log = fs.openSync(process.env['STEPS_LOG'] ?? '/dev/null', 'a');
let count = 0;

/**
 * @param {{ name: string, path: string, to?: string, bytes?: number }} operation
 * @param {() => Promise<unknown>} run
 * @param {() => Promise<unknown>} [tear] writes the first half
 */
async function step(operation, run, tear) {
  count++;
  fs.writeSync(log, `${JSON.stringify({ step: count, ...operation })}\n`);
  if (count === at) {
    if (what === 'fail') throw Object.assign(new Error('the disk failed'), { code: 'EIO' });
    if (what === 'tear') await tear?.();
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  }
  if (what === 'no-links' && operation.name === 'link') throw Object.assign(new Error('no links here'), { code: 'EPERM' });
  return await run();
}

const { link, rename, rm, open } = promises;
/** What the open files are. @type {WeakMap<object, string>} */
const paths = new WeakMap();
Object.assign(promises, {
  link: async (/** @type {string} */ path, /** @type {string} */ to) =>
    await step({ name: 'link', path, to }, async () => { await link(path, to); }),
  rename: async (/** @type {string} */ path, /** @type {string} */ to) =>
    await step({ name: 'rename', path, to }, async () => { await rename(path, to); }),
  rm: async (/** @type {string} */ path, /** @type {object} */ options) =>
    await step({ name: 'rm', path }, async () => { await rm(path, options); }),
  open: async (/** @type {string} */ path, /** @type {string | number} */ flags, /** @type {number} */ mode) => {
    const run = async () => await open(path, flags, mode);
    const opened = /** @type {object} */ (String(flags).includes('w') ? await step({ name: 'open', path }, run) : await run());
    paths.set(opened, path);
    return opened;
  },
});

/** @typedef {(this: object, ...args: readonly unknown[]) => Promise<unknown>} Method */
const handle = await open(process.execPath, 'r');
const prototype = /** @type {Record<string, Method>} */ (Object.getPrototypeOf(handle));
await handle.close();
const realWrite = /** @type {Method} */ (prototype['write']);
for (const name of ['write', 'writev', 'writeFile', 'sync', 'chmod', 'chown']) {
  const real = /** @type {Method} */ (prototype[name]);
  prototype[name] = async function (...args) {
    const [data, from, length, position] = args;
    const half = async () => await realWrite.call(this, data, from, Math.ceil(Number(length) / 2), position);
    const operation = { name, path: paths.get(this) ?? '', bytes: lengthOf(name, args) };
    return await step(operation, async () => await real.apply(this, [...args]), name === 'write' ? half : undefined);
  };
}
syncBuiltinESMExports();

/** How many bytes a call writes. @param {string} name @param {readonly unknown[]} args */
function lengthOf(name, [data, , length]) {
  if (name === 'write') return Number(length);
  if (name === 'writeFile') return String(data).length;
  return name === 'writev' ? /** @type {Uint8Array[]} */ (data).reduce((sum, part) => sum + part.byteLength, 0) : 0;
}
