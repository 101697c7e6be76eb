/**
 * Breaks the lines of a text at spaces so that each fits. What follows a break is indented as the line itself, so that a
 * list stays one. A word that is longer than the width stays whole: it may be a path that someone copies. A terminal that
 * says it has no columns does not know how many: nothing is broken for it.
 */
export function wrapText(text: string, columns: number): string {
  if (columns <= 0) return text;
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(indent.length).split(' ')) {
    if (current === '') current = indent + word;
    else if (current.length + 1 + word.length <= columns) current += ` ${word}`;
    else {
      lines.push(current);
      current = indent + word;
    }
  }
  lines.push(current);
  return lines;
}
