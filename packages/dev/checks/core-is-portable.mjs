import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { importsOf } from '../lib/imports.mjs';

/** The entry that is for Node alone, and says so in its name. */
const nodeOnly = './node';

/**
 * Walks what every other entry of @keyfold/core reaches with the WebCrypto engine: none of it may name
 * a module of Node's or another package.
 *
 * @param {import('../lib/pack.mjs').Packed[]} packed
 */
export async function coreIsPortable(packed) {
  const core = packed.find(({ manifest }) => manifest.name === '@keyfold/core');
  if (core === undefined) return { problems: ['There is no @keyfold/core.'] };
  const { folder, manifest } = core;
  const problems = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies })
    .map((name) => `@keyfold/core depends on ${name}.`);

  /** @type {Record<string, { default: string }>} */
  const exported = JSON.parse(JSON.stringify(manifest.exports));
  /** @type {Record<string, { default: string }>} */
  const internal = JSON.parse(JSON.stringify(manifest.imports ?? {}));
  const queue = Object.entries(exported)
    .filter(([name]) => name !== nodeOnly && !name.endsWith('.json'))
    .map(([, target]) => join(folder, target.default));
  const seen = new Set(queue);
  for (const file of queue) {
    for (const specifier of importsOf(file)) {
      const name = relative(folder, file);
      const target = specifier.startsWith('#') ? internal[specifier]?.default : specifier;
      if (target === undefined) problems.push(`${name} imports ${specifier}, which package.json does not map.`);
      else if (isBuiltin(target)) problems.push(`${name} imports ${target}, which only Node has.`);
      else if (!target.startsWith('.')) problems.push(`${name} imports the package ${target}.`);
      else {
        const next = specifier.startsWith('#') ? join(folder, target) : join(dirname(file), target);
        if (!seen.has(next)) queue.push(next);
        seen.add(next);
      }
    }
  }
  return await Promise.resolve({ problems, note: `${seen.size} modules` });
}
