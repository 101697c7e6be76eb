import { basename } from 'node:path';
import { defaultServerConditions } from 'vite';

/**
 * Conditions of the packages' `exports` and `imports` maps. `@keyfold/source` leads to the
 * TypeScript sources, so tests need no build. `@keyfold/web` chooses the WebCrypto engine.
 */
const source = '@keyfold/source';
const web = '@keyfold/web';

/**
 * A Vitest project that runs the tests of one package.
 *
 * @param {string} root The folder of the package.
 * @param {string} name
 * @param {string[]} conditions
 * @returns {import('vitest/config').TestProjectInlineConfiguration}
 */
function project(root, name, conditions) {
  // As Vitest itself: the condition `module` leads to files for bundlers, which Node cannot load.
  const all = [...conditions, ...defaultServerConditions.filter((name) => name !== 'module')];
  return {
    root,
    resolve: { conditions: all },
    ssr: { resolve: { conditions: all } },
    test: {
      name,
      root,
      include: ['test/**/*.test.ts'],
      environment: 'node',
      env: { KEYFOLD_ENGINE: conditions.includes(web) ? 'web' : 'node' },
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
}

/**
 * For a package whose behaviour does not depend on the engine: its tests run once, on Node's.
 *
 * @param {string} root The folder of the package: `import.meta.dirname`.
 */
export function singleProject(root) {
  return [project(root, basename(root), [source])];
}

/**
 * For a package that must behave alike on both engines: all its tests run on each.
 *
 * @param {string} root The folder of the package: `import.meta.dirname`.
 */
export function engineProjects(root) {
  const name = basename(root);
  return [project(root, `${name} (node)`, [source]), project(root, `${name} (web)`, [source, web])];
}
