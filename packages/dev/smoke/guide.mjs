// docs/guides/add-a-keyring.md, followed to the letter by someone who has only npm: its commands, its files, its edits.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from '../lib/run.mjs';

const page = readFileSync(join(root, 'docs/guides/add-a-keyring.md'), 'utf8');

/** @typedef {(name: string, result: { code: number, output: string }) => void} Report */

/**
 * @param {import('../lib/pack.mjs').Packed[]} packed
 * @param {Record<string, string>} versions The repository's own, of the tools that the guide installs.
 * @param {string} temporary
 * @param {Report} report
 */
export async function followGuide(packed, versions, temporary, report) {
  const [make = '', pass = '', passOnNode = ''] = fences('sh');
  const [compilerOptions = ''] = fences('json');
  const [otherRunner = ''] = fences('diff');
  const folder = join(temporary, /mkdir (\S+)/.exec(make)?.[1] ?? '');
  /** @param {string} title @param {string} commands */
  const follow = async (title, commands, cwd = folder) => {
    // The tools that the guide installs, not the repository's.
    const env = { PATH: process.env['PATH'], NO_COLOR: '1' };
    const result = await run('bash', ['-ec', commands], { cwd, env });
    report(`add-a-keyring.md: ${title}`, result);
    return result;
  };
  await follow('make a package', withPackages(make, packed, versions), temporary);
  writeFileSync(join(folder, 'tsconfig.json'), compilerOptions);
  for (const [, file = ''] of page.matchAll(/^- `((?:src|test)\/\S+)`/gm)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, 'examples/template-keyring', file), join(folder, file));
  }
  await follow('see it pass', pass);

  const test = join(folder, 'test/conformance.test.ts');
  const [, removed = '', added = ''] = /^-(.*)\n\+(.*)$/m.exec(otherRunner) ?? [];
  edit(test, removed, added);
  await follow("see it pass with Node's own test runner", passOnNode);
  edit(test, added, removed);

  const [, mistake = '', failing = ''] = /^Take `(.*?)` out of .*? called \*(.*?)\*/ms.exec(page) ?? [];
  const [message = ''] = fences('text');
  edit(join(folder, 'src/acme-keyring.ts'), ` || ${mistake}`, '');
  const seen = await run('npx', ['vitest', 'run'], { cwd: folder, env: { PATH: process.env['PATH'], NO_COLOR: '1' } });
  const told = [failing.replaceAll(/\s+/g, ' '), message.trim()].every((text) => seen.output.includes(text));
  report('add-a-keyring.md: see it fail', { code: seen.code !== 0 && told ? 0 : 1, output: seen.output });
}

/** @param {string} language @returns {string[]} */
function fences(language) {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, body = '']) => body);
}

/**
 * The commands, with our packages as the tarballs that were packed, and tools in the repository's versions.
 *
 * @param {string} commands
 * @param {import('../lib/pack.mjs').Packed[]} packed
 * @param {Record<string, string>} versions
 */
function withPackages(commands, packed, versions) {
  let text = commands;
  for (const { manifest, tarball } of packed) text = text.replaceAll(new RegExp(`(?<= )${manifest.name}(?=\\s)`, 'g'), tarball);
  for (const [name, version] of Object.entries(versions)) text = text.replaceAll(new RegExp(`(?<= )${name}(?=\\s)`, 'g'), `${name}@${version}`);
  return text;
}

/** @param {string} file @param {string} from @param {string} to */
function edit(file, from, to) {
  const before = readFileSync(file, 'utf8');
  if (from === '' || !before.includes(from)) throw new Error(`The guide speaks of what is not in ${file}: ${from}`);
  writeFileSync(file, before.replace(from, to));
}
