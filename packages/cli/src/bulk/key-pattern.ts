import { usageError } from '../errors/usage-error.js';

/** A key of an envelope, as headers name it. */
export interface NamedKey {
  readonly provider: string;
  readonly keyId: string;
  readonly keyVersion: string;
}

/** Which keys an option such as `--remove` means. */
export interface KeyPattern {
  readonly text: string;
  matches(key: NamedKey): boolean;
}

/** How a key is written on the command line and in tables, so that one can be copied to the other. */
export function formatKey({ provider, keyId, keyVersion }: NamedKey): string {
  return `${provider}:${keyId}${keyVersion === '' ? '' : `@${keyVersion}`}`;
}

/**
 * Reads `<provider>:<key id>[@<version>]`; without a version, all of them are meant. It is compared with the keys as they
 * are written, and not taken apart: a key id may hold an `@` of its own, and must not be taken for another one's version.
 */
export function parseKeyPattern(option: string, text: string): KeyPattern {
  if (!/^[a-z0-9-]+:./.test(text)) {
    throw usageError(option, `write ${JSON.stringify(text)} as <provider>:<key id>[@<version>], as "keyfold keys" shows it.`);
  }
  return {
    text,
    matches: (key) => text === formatKey(key) || text === formatKey({ ...key, keyVersion: '' }),
  };
}
