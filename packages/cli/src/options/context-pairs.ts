import { usageError } from '../errors/usage-error.js';

/** What Node makes of bytes on the command line that are no UTF-8. Two different values could become one. */
const REPLACEMENT = '\uFFFD';

/** The pairs of a repeatable option `<key>=<value>`. The value may hold further `=`. Throws `invalid-argument`. */
export function readPairs(option: string, texts: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(option, `write ${JSON.stringify(text)} as <key>=<value>, such as tenant=acme.`);
    if (text.includes(REPLACEMENT)) throw usageError(option, `${JSON.stringify(text)} is not valid UTF-8; write it in UTF-8.`);
    const key = text.slice(0, at);
    if (pairs.has(key)) throw usageError(option, `the key ${JSON.stringify(key)} is given twice; give each key once.`);
    pairs.set(key, text.slice(at + 1));
  }
  return pairs;
}
