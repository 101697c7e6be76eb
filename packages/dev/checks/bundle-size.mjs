import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const limit = 10_000;

/**
 * What `encrypt` and `decrypt` cost a web page: minified, compressed with brotli, in bytes.
 *
 * @param {import('../lib/pack.mjs').Packed[]} packed
 */
export async function bundleSize(packed) {
  const core = packed.find(({ manifest }) => manifest.name === '@keyfold/core');
  if (core === undefined) return { problems: ['There is no @keyfold/core.'] };
  const bundle = await build({
    stdin: { contents: "export { encrypt, decrypt } from '@keyfold/core';", resolveDir: core.folder },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    // Conditions of a browser: `node` is not among them, so the WebCrypto engine is taken.
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  const [file] = bundle.outputFiles;
  if (file === undefined) throw new Error('esbuild gave no output.');
  const size = brotliCompressSync(file.contents).byteLength;
  const note = `${(size / 1000).toFixed(1)} kB of ${limit / 1000} kB, minified and compressed (brotli)`;
  return { problems: size <= limit ? [] : [`${size} bytes are more than ${limit}.`], note };
}
