// What the demo shows: commands, their output, and a word in between.

const MARGIN = '   ';
const NARROWEST = 40;
const colored = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

/**
 * @param {string} code - of the terminal's colours
 * @param {string} text
 */
const paint = (code, text) => (colored ? `\u001b[${code}m${text}\u001b[0m` : text);

/**
 * @param {string} mark
 * @param {string} text
 */
export function heading(mark, text) {
  console.log(`\n${paint('1;36', `${mark}  ${text}`)}`);
}

/** @param {string} text */
export function say(text) {
  print(text, (line) => paint('2', line));
}

/** @param {string} text */
export function ok(text) {
  print(`✓ ${text}`, (line) => paint('32', line));
}

/** @param {string} text */
export function failed(text) {
  print(`\n✗ ${text}`, (line) => paint('31', line));
}

/** @param {string} command */
export function prompt(command) {
  console.log('');
  print(`$ ${command}`, (line) => paint('1', line), ' \\');
}

/** @param {string} output */
export function indent(output) {
  for (const line of output.trimEnd().split('\n')) print(shortened(line), (text) => text);
}

/**
 * How long a command took, and how it ended if that was not well.
 *
 * @param {number} seconds
 * @param {number} exitCode
 */
export function took(seconds, exitCode) {
  const time = `${seconds.toFixed(1)} s`;
  say(exitCode === 0 ? time : `exit code ${exitCode}, ${time}`);
}

/**
 * Random ids by their beginnings, as people do. The columns of tables stay where they are: ids come last there.
 *
 * @param {string} text
 */
function shortened(text) {
  return text
    .replaceAll(/\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '$1…')
    .replaceAll(/\b([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1…');
}

/**
 * Prints a line, over several where the terminal is too narrow.
 *
 * @param {string} line
 * @param {(text: string) => string} style
 * @param {string} [joint] - ends what goes on in the next line
 */
function print(line, style, joint = '') {
  const columns = process.stdout.isTTY ? Math.max(process.stdout.columns, NARROWEST) : Infinity;
  const width = columns - MARGIN.length - joint.length;
  const hanging = `${/^ */.exec(line)?.[0] ?? ''}    `.slice(0, NARROWEST / 2);
  let rest = line;
  while (rest.length > width) {
    const beginning = rest.length - rest.trimStart().length;
    const space = rest.lastIndexOf(' ', width);
    // A word that is too long goes on as the terminal has it.
    const end = space > beginning ? space : rest.indexOf(' ', width);
    if (end === -1) break;
    console.log(MARGIN + style(rest.slice(0, end).trimEnd() + joint));
    rest = hanging + rest.slice(end).trimStart();
  }
  console.log(rest === '' ? '' : MARGIN + style(rest));
}
