import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { filesUnder } from '../lib/workspace.mjs';

/** @param {import('../lib/pack.mjs').Packed[]} packed */
export async function packedContents(packed) {
  const problems = [];
  for (const { source, folder, manifest } of packed) {
    for (const name of ['LICENSE', 'README.md']) {
      if (!existsSync(join(folder, name))) problems.push(`${manifest.name} is packed without ${name}.`);
    }
    for (const file of filesUnder(folder, [''])) {
      const name = relative(folder, file);
      const stem = name.replace(/^dist[\\/]/, '').replace(/(\.d\.ts|\.js)(\.map)?$/, '');
      if (!name.startsWith('dist')) {
        if (/\.(ts|js)$/.test(name)) problems.push(`${manifest.name} ships ${name}, which is not in dist.`);
      } else if (!existsSync(join(source, 'src', `${stem}.ts`))) {
        problems.push(`${basename(source)}/${name} has no source any more: run "npm run clean", then build.`);
      }
    }
    if (JSON.stringify({ ...manifest.exports, ...manifest.imports }).includes('@keyfold/source')) {
      problems.push(`${manifest.name} still has the condition @keyfold/source: add it to publishConfig.`);
    }
  }
  return await Promise.resolve({ problems });
}
