/**
 * Control characters, and those that reorder the text around them. An envelope from elsewhere may hold any of them in its
 * context, and a terminal obeys them.
 */
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text that is safe on a terminal: what a terminal would obey is written as an escape such as `\u001b`. Line breaks stay. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As `printable`, in one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n');
}
