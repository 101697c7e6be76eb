// The built packages: what is measured is what users get. Types come from the sources, so that they are there before
// a build.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

/** @param {string} path */
const built = (path) => new URL(`../../../${path}`, import.meta.url);

/** @type {typeof import('../../../core/src/index.js')} */
export const keyfold = await import(built('core/dist/index.js').href);
/** @type {typeof import('../../../core/src/node.js')} */
export const keyfoldNode = await import(built('core/dist/node.js').href);
/** @type {typeof import('../../../local-raw/src/index.js')} */
const localRaw = await import(built('local-raw/dist/index.js').href);

export const command = fileURLToPath(built('cli/dist/main.js'));

/** A keyring under a fresh local key. @param {string} name */
export const localKeyring = (name) => localRaw.rawAesKeyring({ name, key: localRaw.generateAesKey() });

export const keyring = localKeyring('bench');

/**
 * The same on WebCrypto, as a browser's bundler would put it together, running here in Node.
 *
 * @returns {Promise<typeof keyfold & { keyring: typeof keyring }>}
 */
export async function loadWebKeyfold() {
  const paths = [built('core/dist/index.js'), built('local-raw/dist/index.js')].map((url) => fileURLToPath(url));
  const result = await build({
    stdin: {
      contents: paths.map((path) => `export * from ${JSON.stringify(path)};`).join('\n'),
      resolveDir: fileURLToPath(built('local-raw')),
    },
    bundle: true,
    format: 'esm',
    // Its conditions do not have `node` among them, so the WebCrypto engine is taken.
    platform: 'browser',
    write: false,
    logLevel: 'error',
  });
  const code = Buffer.from(result.outputFiles[0]?.contents ?? []).toString('base64');
  const web = /** @type {typeof keyfold & typeof localRaw} */ (await import(`data:text/javascript;base64,${code}`));
  return { ...web, keyring: web.rawAesKeyring({ name: 'bench', key: web.generateAesKey() }) };
}
