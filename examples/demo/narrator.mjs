// What the demo shows besides the commands and their output.

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
  console.log(paint('2', `   ${text}`));
}

/** @param {string} text */
export function ok(text) {
  console.log(paint('32', `   ✓ ${text}`));
}

/** @param {string} command */
export function prompt(command) {
  console.log(`\n   ${paint('1', `$ ${command}`)}`);
}

/** @param {string} output */
export function indent(output) {
  for (const line of output.trimEnd().split('\n')) console.log(line === '' ? '' : `   ${line}`);
}
