import type { Kek } from './keyring.js';

/** Characters of an id that are shown: more than the longest id of any of the clouds has. */
const MAX_SHOWN = 300;
/** Of these, how many are its end, where ids differ. */
const END_SHOWN = 60;
/** KEKs that are listed. */
const MAX_LISTED = 8;

/**
 * KEKs as lines for an error's message, each behind a line break and two spaces. A header that nobody has authenticated may
 * name 32 of them at 64 KiB each: ids of more than 300 characters lose their middle, and of more than 8 KEKs only the
 * number of the others is told.
 *
 * @example
 * ```ts
 * const message = `Give one of these keys:${listKeks([{ provider: 'aws-kms', keyId: 'alias/orders' }])}`;
 * ```
 */
export function listKeks(keks: readonly Kek[]): string {
  const lines = keks.slice(0, MAX_LISTED).map(({ provider, keyId }) => `${shorten(provider)} ${shorten(keyId)}`);
  const others = keks.length - lines.length;
  return [...lines, ...(others > 0 ? [`and ${others} more`] : [])].map((line) => `\n  ${line}`).join('');
}

function shorten(id: string): string {
  return id.length <= MAX_SHOWN ? id : `${id.slice(0, MAX_SHOWN - END_SHOWN)}...${id.slice(-END_SHOWN)}`;
}
