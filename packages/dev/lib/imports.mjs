import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import ts from 'typescript';

/**
 * The module specifiers that a file imports, statically or by `import()` of a literal.
 * Types count: they are part of what a package's declarations need.
 *
 * @param {string} file
 */
export function importsOf(file) {
  const found = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return found.importedFiles.map(({ fileName }) => fileName);
}

/** The package that a bare specifier names, or null. @param {string} specifier */
export function packageOf(specifier) {
  if (specifier.startsWith('.') || specifier.startsWith('#') || isBuiltin(specifier)) return null;
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
