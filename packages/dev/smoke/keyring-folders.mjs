import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../lib/run.mjs';

const SCRIPT = fileURLToPath(new URL('cloud-keys.mjs', import.meta.url));

/** The keyrings that are installed beside the command: none, then each alone. */
const FOLDERS = [[], ['aws-kms'], ['gcp-kms'], ['azure-keyvault']];

/**
 * Installs the packed command with and without the keyrings of clouds, in a folder each, and runs cloud-keys.mjs there.
 *
 * @param {import('../lib/pack.mjs').Packed[]} packed
 * @param {string} temporary
 * @returns {Promise<{ name: string, result: { code: number, output: string } }[]>}
 */
export async function keyringFolders(packed, temporary) {
  return await Promise.all(FOLDERS.map(async (keyrings) => await keyringFolder(keyrings, packed, temporary)));
}

/** @param {string[]} keyrings @param {import('../lib/pack.mjs').Packed[]} packed @param {string} temporary */
async function keyringFolder(keyrings, packed, temporary) {
  const name = `the command with ${keyrings.join(' and ') || 'no cloud'}`;
  const folder = join(temporary, `with-${keyrings.join('-') || 'nothing'}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  copyFileSync(SCRIPT, join(folder, 'cloud-keys.mjs'));
  const wanted = new Set(['core', 'local-raw', 'quorum', 'recovery', 'cli', 'kms-simulators', ...keyrings].map((one) => `@keyfold/${one}`));
  const chosen = packed.filter(({ manifest }) => wanted.has(manifest.name));
  // What the command says that has to be installed: npm leaves optional ones out.
  const sdks = chosen
    .filter(({ manifest }) => keyrings.includes(manifest.name.replace('@keyfold/', '')))
    .flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}).map(([sdk, range]) => `${sdk}@${range}`));
  const tarballs = chosen.map(({ tarball }) => tarball);
  const install = await run('npm', ['install', '--no-audit', '--no-fund', ...tarballs, ...sdks], { cwd: folder });
  const result = install.code === 0 ? await run('node', ['cloud-keys.mjs', ...keyrings], { cwd: folder }) : install;
  return { name, result };
}
