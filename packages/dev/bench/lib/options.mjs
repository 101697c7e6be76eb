import { parseArgs } from 'node:util';

export const usage = `npm run bench -- [options]

  --quick         short samples and small files: a first impression in a minute or two
  --only <regex>  only the rows whose "group/row" matches, e.g. --only '^messages/.*1 KiB'
  --dir <folder>  where the temporary files go (default: the system's temporary folder)
  --json          one JSON document on stdout, with every figure
`;

/**
 * @typedef {object} Options
 * @property {boolean} quick
 * @property {boolean} json
 * @property {RegExp} only
 * @property {string | undefined} folder Where the temporary files go.
 */

/**
 * The options, or `undefined` when help was asked for. Exits on a wrong one.
 *
 * @param {string[]} args
 * @returns {Options | undefined}
 */
export function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
        dir: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return undefined;
    const { quick, json } = values;
    return { quick, json, only: new RegExp(values.only, 'iu'), folder: values.dir };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
