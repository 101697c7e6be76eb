/** Markup: text that is escaped already. */
export interface Markup {
  readonly markup: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Control characters, those that reorder the text around them or cannot be seen, and lone surrogates: each would make an id
 * look like another.
 */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/gu;

/**
 * A template whose values are escaped, unless they are markup themselves. Ids of envelopes and keys are whatever somebody
 * wrote into a header or called a file.
 */
export function html(strings: TemplateStringsArray, ...values: readonly (string | number | Markup | readonly Markup[])[]): Markup {
  return { markup: strings.map((text, i) => text + (i < values.length ? markupOf(values[i] ?? '') : '')).join('') };
}

function markupOf(value: string | number | Markup | readonly Markup[]): string {
  if (typeof value === 'number') return value.toLocaleString('en-US');
  if (typeof value === 'string') return escapeText(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

/** Text as it may stand between tags and in a quoted attribute. What cannot be seen is written as `\u200b`. */
export function escapeText(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
    .replaceAll(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export const NOTHING: Markup = { markup: '' };
