/** Characters of a service's own words that a message has at most. */
const MAX_WORDS = 500;

/** Text of others for a message, in one line of ASCII and not too long: what a service answers with may be anything. */
export function printable(text: string, length: number): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[^\x20-\x7e]/g, '?').trim().slice(0, length);
}

/**
 * What a service answered, as a sentence, with its own words where they are worth repeating and hold no value of the caller's.
 *
 * @example
 * ```ts
 * saying('Acme KMS answered 403', 'User bob may not use key app'); // Acme KMS answered 403: User bob may not use key app.
 * ```
 */
export function saying(answered: string, words = ''): string {
  const quoted = printable(words, MAX_WORDS);
  return quoted === '' ? `${answered}.` : `${answered}: ${quoted.replace(/\.?$/, '.')}`;
}
