import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, unknown>} [optionalDependencies]
 * @property {Record<string, unknown>} [imports]
 * @property {Record<string, unknown>} [exports]
 *
 * @typedef {object} Package
 * @property {string} folder Absolute path.
 * @property {Manifest} manifest
 */

/** @param {string} folder */
export function readManifest(folder) {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  return /** @type {Manifest} */ (JSON.parse(text));
}

/** Every package under packages/, by name. */
export function workspacePackages() {
  const parent = join(root, 'packages');
  return readdirSync(parent)
    .map((name) => join(parent, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(folder) }));
}

/** The packages that are published. */
export function publicPackages() {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}

/**
 * Files under a folder with one of these endings, as absolute paths.
 *
 * @param {string} folder
 * @param {string[]} endings
 */
export function filesUnder(folder, endings) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name));
}
