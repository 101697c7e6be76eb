import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../lib/run.mjs';

/**
 * What is tested, on one engine.
 *
 * @typedef {object} Subject
 * @property {import('../../core/src/engine/types.js').Engine} primitives
 * @property {typeof import('../../local-raw/src/rsa/rsa-key-input.js').readRsaKey} readRsaKey
 * @property {typeof import('../../local-raw/src/rsa/oaep.js').openOaep} openOaep
 */

/**
 * The sources themselves, bundled with the engine that is asked for, as one process has to run both.
 *
 * @param {'node' | 'web'} engine
 * @returns {Promise<Subject>}
 */
export async function loadSubject(engine) {
  const contents = `
    export { primitives } from '@keyfold/core/keyring';
    export { openOaep } from './src/rsa/oaep.js';
    export { readRsaKey } from './src/rsa/rsa-key-input.js';`;
  const bundle = await build({
    stdin: { contents, resolveDir: join(root, 'packages/local-raw'), loader: 'ts' },
    conditions: ['@keyfold/source', ...(engine === 'web' ? ['@keyfold/web'] : [])],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const code = Buffer.from(bundle.outputFiles[0]?.contents ?? []).toString('base64');
  const subject = /** @type {Subject} */ (await import(`data:text/javascript;base64,${code}`));
  const { engineName } = subject.primitives;
  if (engineName !== engine) throw new Error(`The engine is ${engineName}, not ${engine}.`);
  return subject;
}
