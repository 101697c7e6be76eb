import { basename, join } from 'node:path';
import { importsOf, packageOf } from '../lib/imports.mjs';
import { filesUnder, publicPackages } from '../lib/workspace.mjs';

/** Packages that may build on several others. Every other one builds on the core alone. */
const composers = new Set(['@keyfold/cli']);

/** What src imports is declared, what is declared is imported, and keyrings depend on the core, never sideways. */
export async function dependencies() {
  const problems = [];
  for (const { folder, manifest } of publicPackages()) {
    const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    const used = new Set();
    for (const file of filesUnder(join(folder, 'src'), ['.ts'])) {
      for (const specifier of importsOf(file)) {
        const name = packageOf(specifier);
        if (name === null || name === manifest.name) continue;
        used.add(name);
        if (!declared.has(name)) problems.push(`${file} imports ${name}, which package.json does not declare.`);
      }
    }
    for (const name of declared) {
      if (!used.has(name)) problems.push(`${manifest.name} declares ${name} and never imports it.`);
      if (!name.startsWith('@keyfold/') || composers.has(manifest.name)) continue;
      if (name !== '@keyfold/core') problems.push(`${basename(folder)} must depend on @keyfold/core alone, not on ${name}.`);
    }
  }
  return await Promise.resolve({ problems });
}
