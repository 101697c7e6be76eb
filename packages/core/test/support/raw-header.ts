import { concat, utf8 } from './bytes.js';

/** A wrapped key as it is written, valid or not. Strings stand for their UTF-8 bytes. */
export interface RawWrappedKey {
  readonly provider?: string | Uint8Array;
  readonly keyId?: string | Uint8Array;
  readonly keyVersion?: string | Uint8Array;
  readonly algorithm?: string | Uint8Array;
  readonly ciphertext?: Uint8Array;
}

/** A context entry as it is written, valid or not. */
export interface RawEntry {
  readonly key: string | Uint8Array;
  readonly kind?: number;
  readonly value?: string | Uint8Array;
}

/** The fields of a header, each of which can be wrong. What is left out is right. */
export interface RawHeader {
  readonly magic?: string;
  readonly version?: number;
  readonly headerLength?: number;
  readonly suite?: number;
  readonly segmentLog2?: number;
  readonly flags?: number;
  readonly messageId?: Uint8Array;
  readonly contextCount?: number;
  readonly context?: readonly RawEntry[];
  readonly revision?: number;
  readonly wrappedCount?: number;
  readonly wrappedKeys?: readonly RawWrappedKey[];
  readonly paddingLength?: number;
  readonly padding?: Uint8Array;
  /** Bytes between padding and MAC, which no field accounts for. */
  readonly extra?: Uint8Array;
  readonly mac?: Uint8Array;
}

export function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

export function u32(value: number): Uint8Array {
  return concat(u16(value >>> 16), u16(value & 0xffff));
}

/** A header, written field by field from the table of the format and with none of the code under test. */
export function rawHeader(fields: RawHeader = {}): Uint8Array<ArrayBuffer> {
  const context = fields.context ?? [];
  const wrappedKeys = fields.wrappedKeys ?? [{}];
  const padding = fields.padding ?? new Uint8Array(0);
  const sections = concat(
    u16(fields.suite ?? 1),
    u8(fields.segmentLog2 ?? 12),
    u8(fields.flags ?? 0),
    fields.messageId ?? new Uint8Array(16).fill(0xa5),
    u16(fields.contextCount ?? context.length),
    ...context.flatMap(({ key, kind, value }) => [lengthAnd(u16, key), u8(kind ?? 0), lengthAnd(u16, value ?? '')]),
    u32(fields.revision ?? 0),
    u16(fields.wrappedCount ?? wrappedKeys.length),
    ...wrappedKeys.map(rawWrappedKey),
    u16(fields.paddingLength ?? padding.length),
    padding,
    fields.extra ?? new Uint8Array(0),
  );
  const mac = fields.mac ?? new Uint8Array(32).fill(0x5a);
  const length = fields.headerLength ?? 12 + sections.length + mac.length;
  return concat(utf8(fields.magic ?? 'KEYFOLD'), u8(fields.version ?? 1), u32(length), sections, mac);
}

export function rawWrappedKey(key: RawWrappedKey = {}): Uint8Array {
  return concat(
    lengthAnd(u8, key.provider ?? 'test'),
    lengthAnd(u16, key.keyId ?? 'kek-1'),
    lengthAnd(u8, key.keyVersion ?? ''),
    lengthAnd(u8, key.algorithm ?? 'A'),
    lengthAnd(u16, key.ciphertext ?? Uint8Array.of(1, 2, 3)),
  );
}

function lengthAnd(length: (value: number) => Uint8Array, field: string | Uint8Array): Uint8Array {
  const bytes = typeof field === 'string' ? utf8(field) : field;
  return concat(length(bytes.length), bytes);
}
