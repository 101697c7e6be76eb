// `npm run check`: what a machine can tell about the shape of the packages. Each check is a function
// that returns a list of problems, one sentence each; an empty list is good.
import { withPackedPackages } from '../lib/pack.mjs';
import { bundleSize } from './bundle-size.mjs';
import { coreIsPortable } from './core-is-portable.mjs';
import { dependencies } from './dependencies.mjs';
import { packedContents } from './packed-contents.mjs';
import { registryHosts } from './registry-hosts.mjs';
import { attw, knip, publint } from './tools.mjs';
import { workspaceShape } from './workspace-shape.mjs';

/** @type {[string, (packed: import('../lib/pack.mjs').Packed[]) => Promise<{ problems: string[], note?: string }>][]} */
const checks = [
  ['every package is wired into the workspace alike', workspaceShape],
  ['declared dependencies are the imported ones, and point one way', dependencies],
  ['no address of a package registry in the repository', registryHosts],
  ['nothing unused (knip)', knip],
  ['tarballs hold what the sources say, and nothing else', packedContents],
  ['package.json is sound (publint --strict)', publint],
  ['types resolve (are-the-types-wrong)', attw],
  ['the core runs without Node and without dependencies', coreIsPortable],
  ['encrypt + decrypt are small', bundleSize],
];

const failures = await withPackedPackages(async (packed) => {
  let failed = 0;
  for (const [name, check] of checks) {
    const { problems, note } = await check(packed).catch((/** @type {unknown} */ error) => ({
      problems: [String(error)],
      note: undefined,
    }));
    console.log(`${problems.length === 0 ? '✓' : '✗'} ${name}${note === undefined ? '' : `: ${note}`}`);
    for (const problem of problems) console.log(problem.replaceAll(/^/gm, '    '));
    if (problems.length > 0) failed += 1;
  }
  return failed;
});
process.exitCode = failures === 0 ? 0 : 1;
