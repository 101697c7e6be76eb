/** A key's identifier without a version: `https://<vault host>/keys/<name>`, in lower case. */
export interface KeyId {
  readonly text: string;
  /** With the port, where there is one. */
  readonly host: string;
  readonly name: string;
}

/**
 * What an identifier looks like. It is compared as text and never handed to a parser of URLs first, which would make one
 * host of many spellings. What is left of it can be no user-info, query, percent-encoding or trailing dot.
 */
const ID = /^https:\/\/([0-9A-Za-z.-]+(?::[0-9]{1,5})?)\/keys\/([0-9A-Za-z-]{1,127})(?:\/([0-9A-Za-z]{32}))?$/;
/** The specification's form of a version, "Providers". */
const VERSION = /^[0-9a-z]{32}$/;

/** The parts of an identifier, or `undefined` for any other text. Azure does not tell cases apart, so all are lowered. */
export function parseKeyId(id: string): { readonly key: KeyId; readonly version: string | undefined } | undefined {
  const [, host, name, version] = ID.exec(id)?.map((part: string | undefined) => part?.toLowerCase()) ?? [];
  if (host === undefined || name === undefined) return undefined;
  return { key: { text: `https://${host}/keys/${name}`, host, name }, version };
}

/** Whether a text is a version: those in envelopes are hostile input. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** The version that an answer names, if it is one of this key. */
export function versionOf(key: KeyId, answered: unknown): string | undefined {
  const parsed = typeof answered === 'string' ? parseKeyId(answered) : undefined;
  return parsed?.key.text === key.text ? parsed.version : undefined;
}
