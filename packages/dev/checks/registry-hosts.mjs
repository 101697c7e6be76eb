import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';

/** Whoever clones this repository chooses where packages come from. */
const hosts = new RegExp(
  // The brackets keep this file from finding itself.
  'registry[.][a-z0-9-]+[.][a-z]{2,}|npm[.]pkg[.]github|npm[m]irror|codeload[.]github|\\bregistry\\s*=',
  'i',
);

export async function registryHosts() {
  const problems = [];
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  for (const name of listed.stdout.split('\0')) {
    const file = join(root, name);
    if (name === '' || !existsSync(file)) continue;
    const lines = readFileSync(file, 'latin1').split('\n');
    for (const [index, line] of lines.entries()) {
      const address = name === 'pnpm-lock.yaml' && /tarball:|https?:/.test(line) && !/^\s*deprecated:/.test(line);
      if (address || hosts.test(line)) problems.push(`${name}:${index + 1}: ${line.trim().slice(0, 120)}`);
    }
  }
  return { problems };
}
