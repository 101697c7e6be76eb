/** A key file, taken apart. */
export interface KeyFile {
  /** What envelopes call the key, if the file says so. */
  readonly name: string | undefined;
  /** `aes` also for 32 bytes without any form. */
  readonly kind: 'aes' | 'rsa-public' | 'rsa-private';
  /** The key as its keyring takes it. */
  readonly key: string | Uint8Array | Readonly<Record<string, string>>;
}

const RAW_KEY_LENGTH = 32;
const NAME_LINE = /^#\s*name:\s*(\S+)\s*$/m;

/**
 * The text of a key file: comments with the key's name, so that the two cannot be separated, and the key in its text form
 * or in PEM. PEM allows text before it (RFC 7468, section 2).
 */
export function formatKeyFile(name: string, remark: string, key: string): string {
  return `# ${remark}\n# name: ${name}\n${key.trim()}\n`;
}

/**
 * Takes a key file apart: one of ours, or a bare PEM, JSON Web Key, text form, or 32 bytes. `undefined` if it is none of
 * these; whether the key in it is good, its keyring says.
 */
export function parseKeyFile(bytes: Uint8Array): KeyFile | undefined {
  const text = new TextDecoder().decode(bytes);
  const comments = /^(\s*#[^\n]*\n)*/.exec(text)?.[0] ?? '';
  const name = NAME_LINE.exec(comments)?.[1];
  const body = text.slice(comments.length).trim();
  if (body.startsWith('keyfold-aes256-key:')) return { name, kind: 'aes', key: body };
  const pem = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/.exec(body);
  if (pem !== null) return { name, kind: pem[1]?.endsWith('PRIVATE KEY') ? 'rsa-private' : 'rsa-public', key: pem[0] };
  const jwk = body.startsWith('{') ? parseJwk(body, name) : undefined;
  if (jwk !== undefined) return jwk;
  // Any bytes may be a key, also those that begin as something else does.
  return bytes.length === RAW_KEY_LENGTH ? { name: undefined, kind: 'aes', key: bytes } : undefined;
}

function parseJwk(body: string, name: string | undefined): KeyFile | undefined {
  try {
    const key = JSON.parse(body) as Readonly<Record<string, string>>;
    const kind = key['kty'] === 'RSA' ? ('d' in key ? 'rsa-private' : 'rsa-public') : 'aes';
    return { name: name ?? key['kid'], kind, key };
  } catch {
    return undefined;
  }
}
