// `npm run smoke`: what a user gets. Packs every public package, installs the tarballs with npm in an
// empty folder, type-checks and runs every TypeScript and JavaScript fence of READMEs and guides there, and runs
// packages/*/smoke/*.mjs there. Then follows the guide for authors of keyrings in another empty folder, and installs the
// command once more, with and without the keyrings of clouds.
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withPackedPackages } from '../lib/pack.mjs';
import { root, run } from '../lib/run.mjs';
import { readManifest } from '../lib/workspace.mjs';
import { followGuide } from './guide.mjs';
import { keyringFolders } from './keyring-folders.mjs';
import { snippetsOf } from './snippets.mjs';

/** The settings of a careful user. Libraries are checked too: the declarations must stand on their own. */
const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'dom'],
  types: ['node'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowJs: true,
  checkJs: true,
  rootDir: 'snippets',
  outDir: 'run',
};

/** @param {import('../lib/pack.mjs').Packed[]} packed @param {string} temporary */
async function smoke(packed, temporary) {
  const folder = join(temporary, 'user');
  mkdirSync(folder);
  const inFolder = { cwd: folder };
  let failed = 0;
  /** @param {string} name @param {{ code: number, output: string }} result */
  const report = (name, { code, output }) => {
    console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
    if (code === 0) return;
    console.log(output.trimEnd().replaceAll(/^/gm, '    '));
    failed += 1;
  };

  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const { devDependencies } = /** @type {{ devDependencies: Record<string, string> }} */ (
    /** @type {unknown} */ (readManifest(root))
  );
  const tools = ['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name] ?? ''}`);
  const tarballs = packed.map(({ tarball }) => tarball);
  const install = await run('npm', ['install', '--no-audit', '--no-fund', ...tarballs, ...tools], inFolder);
  report(`npm install ${packed.map(({ manifest }) => manifest.name).join(' ')}`, install);
  if (install.code !== 0) return failed;

  for (const { manifest } of packed) {
    for (const name of Object.keys(manifest.exports ?? {})) {
      if (name.endsWith('.json')) continue;
      const specifier = manifest.name + name.slice(1);
      report(`import ${specifier}`, await run('node', ['--input-type=module', '-e', `import '${specifier}'`], inFolder));
    }
  }

  const guides = join(root, 'docs/guides');
  const pages = [
    join(root, 'README.md'),
    ...packed.map(({ source }) => join(source, 'README.md')),
    ...readdirSync(guides).map((name) => join(guides, name)),
  ];
  const snippets = pages.filter((page) => existsSync(page)).flatMap((page) => snippetsOf(page));
  mkdirSync(join(folder, 'snippets'));
  for (const { file, code } of snippets) writeFileSync(join(folder, 'snippets', file), code);
  if (snippets.length > 0) {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['snippets'] }));
    report(`${snippets.length} snippets type-check`, await run('npx', ['tsc'], inFolder));
  }
  for (const { file, title, runs } of snippets) {
    const compiled = join(folder, 'run', file.replace(/\.ts$/, '.js'));
    if (!runs || !existsSync(compiled)) continue;
    // Each in a folder of its own, inside the one where the packages are.
    const place = join(folder, 'run', `${file}.cwd`);
    mkdirSync(place);
    // What does not end, such as a server that was left open, is a mistake of the page.
    report(title, await run('node', [compiled], { cwd: place, timeout: 120_000 }));
  }

  for (const { source } of packed) {
    const scripts = join(source, 'smoke');
    if (!existsSync(scripts)) continue;
    for (const script of readdirSync(scripts).filter((name) => name.endsWith('.mjs'))) {
      const copy = join(folder, `${basename(source)}-${script}`);
      copyFileSync(join(scripts, script), copy);
      report(`packages/${basename(source)}/smoke/${script}`, await run('node', [copy], inFolder));
    }
  }
  await followGuide(packed, { typescript: devDependencies['typescript'] ?? '', vitest: devDependencies['vitest'] ?? '' }, temporary, report);
  for (const { name, result } of await keyringFolders(packed, temporary)) report(name, result);
  return failed;
}

process.exitCode = (await withPackedPackages(smoke)) === 0 ? 0 : 1;
