import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from './run.mjs';
import { publicPackages, readManifest } from './workspace.mjs';

/**
 * @typedef {object} Packed
 * @property {string} source The package's folder in this repository.
 * @property {string} tarball
 * @property {string} folder Where the tarball is unpacked.
 * @property {import('./workspace.mjs').Manifest} manifest As users get it.
 */

/**
 * Packs every public package exactly as it would be published, and unpacks it. Packages have to be built.
 *
 * @template T
 * @param {(packed: Packed[], temporary: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withPackedPackages(use) {
  const temporary = mkdtempSync(join(tmpdir(), 'keyfold-pack-'));
  try {
    const packed = [];
    for (const { folder: source, manifest } of publicPackages()) packed.push(await pack(source, manifest.name, temporary));
    return await use(packed, temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {string} source @param {string} name @param {string} temporary @returns {Promise<Packed>} */
async function pack(source, name, temporary) {
  const tarball = join(temporary, `${basename(source)}.tgz`);
  const packing = await run('pnpm', ['pack', '--out', tarball], { cwd: source });
  if (packing.code !== 0) throw new Error(`pnpm pack failed in ${name}:\n${packing.output}`);
  const target = join(temporary, 'unpacked', basename(source));
  mkdirSync(target, { recursive: true });
  const unpacking = await run('tar', ['-xzf', tarball, '-C', target]);
  if (unpacking.code !== 0) throw new Error(`tar failed on ${tarball}:\n${unpacking.output}`);
  const folder = join(target, 'package');
  return { source, tarball, folder, manifest: readManifest(folder) };
}
