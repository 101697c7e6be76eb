import { KeyfoldError } from '../errors/keyfold-error.js';
import { limitExceeded, malformed } from '../errors/throw.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { RESERVED_CONTEXT_PREFIX } from './constants.js';
import type { Limits } from './limits.js';
import { compareBytes, decodeUtf8, encodeUtf8 } from './strings.js';

/** An entry of the encryption context as a header holds it (specification, "Encryption context"). */
export interface ContextEntry {
  readonly key: string;
  /** `external`: the value is authenticated and not stored; whoever opens the envelope must supply it. */
  readonly kind: 'embedded' | 'external';
  /** Empty where `kind` is `external`. */
  readonly value: string;
}

const KIND_EMBEDDED = 0;
const KIND_EXTERNAL = 1;

/** Reads the context entries and checks every rule of them. */
export function readContextEntries(reader: ByteReader, limits: Limits): ContextEntry[] {
  const count = reader.u16();
  assertContextLimit('contextEntries', count, limits);
  const entries: ContextEntry[] = [];
  let previous: Uint8Array | undefined;
  let encodedLength = 2;
  for (let i = 0; i < count; i++) {
    const keyAt = reader.position;
    const key = reader.bytes(reader.u16());
    if (key.length === 0) throw malformed('context-key-empty', keyAt, 'a context key is empty.');
    const order = previous === undefined ? -1 : compareBytes(previous, key);
    if (order === 0) throw malformed('context-duplicate', keyAt, 'a context key is there twice.');
    if (order > 0) throw malformed('context-order', keyAt, 'the context keys are not in ascending order.');
    previous = key;
    const keyText = decodeUtf8(key, 'context-key-utf8', keyAt);
    const kindAt = reader.position;
    const kind = reader.u8();
    if (kind !== KIND_EMBEDDED && kind !== KIND_EXTERNAL) {
      throw malformed('context-kind', kindAt, `a context entry is of kind ${kind}.`);
    }
    const valueAt = reader.position;
    const value = reader.bytes(reader.u16());
    if (kind === KIND_EXTERNAL && value.length > 0) {
      throw malformed('context-external-value', valueAt, 'an external context entry has a value.');
    }
    encodedLength += 4 + key.length + value.length;
    entries.push({
      key: keyText,
      kind: kind === KIND_EXTERNAL ? 'external' : 'embedded',
      value: decodeUtf8(value, 'context-value-utf8', valueAt),
    });
  }
  assertContextLimit('contextBytes', encodedLength, limits);
  for (const { key } of entries) assertNotReserved(key);
  return entries;
}

/** Writes context entries that are already in ascending order of their keys' UTF-8 bytes. */
export function writeContextEntries(writer: ByteWriter, entries: readonly ContextEntry[]): void {
  writer.u16(entries.length);
  for (const entry of entries) {
    writeText(writer, entry.key);
    writer.u8(entry.kind === 'external' ? KIND_EXTERNAL : KIND_EMBEDDED);
    writeText(writer, entry.value);
  }
}

/** A u16 length and the UTF-8 bytes. */
export function writeText(writer: ByteWriter, text: string): void {
  const bytes = encodeUtf8(text);
  writer.u16(bytes.length);
  writer.bytes(bytes);
}

/** Refuses a context over the caller's cap, when writing as when reading. */
export function assertContextLimit(limit: 'contextEntries' | 'contextBytes', actual: number, limits: Limits): void {
  if (actual <= limits[limit]) return;
  throw limitExceeded(limit, limits[limit], actual, `Make the context smaller, or raise limits.${limit}.`);
}

function assertNotReserved(key: string): void {
  if (!key.startsWith(RESERVED_CONTEXT_PREFIX)) return;
  throw new KeyfoldError(
    'unsupported',
    `The context key ${JSON.stringify(key)} belongs to a later version of the format. Update Keyfold.`,
    { feature: 'context-key', found: key },
  );
}
