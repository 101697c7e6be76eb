// Runs the portable checks in the runtime that runs this: `on-server.mjs <module of the core> <vectors folder>`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runPortable } from './portable.mjs';

const [, , module = '', vectors = ''] = process.argv;
/** @type {import('./portable.mjs').Core} */
const core = await import(pathToFileURL(module).href);
const result = await runPortable(core, async (path) => new Uint8Array(await readFile(join(vectors, path))));
console.log(JSON.stringify(result));
