import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fromText } from '../../src/index.js';
import type { DecryptOptions } from '../../src/index.js';

/** The folder of the published vectors. Its README explains the fields of the index. */
export const vectorsFolder: string = fileURLToPath(new URL('../../../../vectors/', import.meta.url));

type Text = string | { readonly repeat: string; readonly times: number };
type Part = 'envelope' | 'text' | 'header' | 'text_header' | 'payload';

export interface Refusal {
  readonly error: string;
  readonly released?: number;
  readonly by_length?: Refusal;
  readonly [detail: string]: unknown;
}

export interface HeaderFields {
  readonly header_length: number;
  readonly suite: number;
  readonly segment_log2: number;
  readonly message_id: string;
  readonly context: readonly { readonly key: Text; readonly kind: string; readonly value?: Text }[];
  readonly revision: number;
  readonly wrapped_keys: readonly WrappedKeyFields[];
  readonly padding_length: number;
}

export interface WrappedKeyFields {
  readonly provider: string;
  readonly key_id: Text;
  readonly key_version: string;
  readonly algorithm: string;
  readonly ciphertext_length: number;
  readonly threshold?: number;
  readonly shares?: readonly { readonly x: number; readonly wrapped_keys: readonly WrappedKeyFields[] }[];
}

export interface Vector {
  readonly name: string;
  readonly about: string;
  readonly input: Readonly<Partial<Record<Part, string>>>;
  readonly context?: readonly (readonly [Text, Text])[] | 'unchecked';
  readonly limits?: Readonly<Record<string, number>>;
  readonly data_key?: string;
  readonly expect: Partial<Refusal> & {
    readonly plaintext?: { readonly length: number; readonly sha256: string };
    readonly header?: HeaderFields;
    readonly keys?: Readonly<Record<string, string>>;
  };
}

interface Index {
  readonly vectors: readonly Vector[];
  readonly payload_lengths: readonly {
    readonly segment_log2: number;
    readonly payload_length: number;
    readonly segments?: number;
    readonly plaintext_length?: number;
    readonly error?: string;
  }[];
}

export const index = JSON.parse(readFileSync(`${vectorsFolder}index.json`, 'utf8')) as Index;

/** The text that the index writes down, or describes where it is long. */
export function expand(text: Text): string {
  return typeof text === 'string' ? text : text.repeat.repeat(text.times);
}

/** What the caller of a vector passes, but for the keyring. */
export function callerOf(vector: Vector): Pick<DecryptOptions, 'context' | 'limits'> {
  const { context = [], limits = {} } = vector;
  if (context === 'unchecked') return { context, limits };
  return { context: new Map(context.map(([key, value]) => [expand(key), expand(value)])), limits };
}

/** The bytes of a vector: one byte string, or a header and a payload. Throws what `fromText` throws. */
export function bytesOf(vector: Vector): { readonly header: Uint8Array | undefined; readonly rest: Uint8Array } {
  const { envelope, text, header, text_header, payload } = vector.input;
  if (payload !== undefined) {
    return { header: header === undefined ? decoded(text_header) : read(header), rest: read(payload) };
  }
  return { header: undefined, rest: envelope === undefined ? decoded(text) : read(envelope) };
}

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(vectorsFolder + path));
}

function decoded(path: string | undefined): Uint8Array {
  if (path === undefined) throw new Error('The vector has no bytes.');
  return fromText(readFileSync(vectorsFolder + path, 'latin1'));
}
