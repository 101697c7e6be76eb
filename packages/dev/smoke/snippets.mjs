import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../lib/run.mjs';

/**
 * @typedef {object} Snippet
 * @property {string} file A name that is the snippet's own among those of all pages.
 * @property {string} title Where it stands.
 * @property {string} code
 * @property {boolean} runs False for what only has to type-check.
 */

/**
 * The code of a Markdown page that users copy: fences that open with ```ts or ```js. Words after the language change
 * what happens: `no-run` (it is type-checked only, as it needs somebody's cloud account), `no-check` (not even that, as
 * it needs a package that nothing here does) and `continued` (it stands below the code of the fence before it, as on
 * the page; that one is run as part of it then, and not alone, when it may have left a server running).
 *
 * @param {string} page
 */
export function snippetsOf(page) {
  const name = relative(root, page).replaceAll('\\', '/');
  /** @type {Snippet[]} */
  const snippets = [];
  const text = readFileSync(page, 'utf8');
  for (const match of text.matchAll(/^```(ts|js)\b([^\n]*)\n(.*?)^```$/gms)) {
    const [, language = 'ts', words = '', body = ''] = match;
    if (words.includes('no-check')) continue;
    const line = text.slice(0, match.index).split('\n').length;
    const before = words.includes('continued') ? snippets.at(-1) : undefined;
    const ending = before?.file.slice(-2) ?? language;
    const runs = !words.includes('no-run');
    if (before !== undefined && runs) before.runs = false;
    snippets.push({
      file: `${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}-${line}.${ending}`,
      title: `${name}:${line}`,
      // A file without import or export would be a script, where `await` is not allowed at the top.
      code: `${before?.code ?? ''}${body}export {};\n`,
      runs,
    });
  }
  return snippets;
}
