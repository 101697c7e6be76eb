/**
 * As much of DER (ITU-T X.690) as a certificate needs. `node:crypto` makes keys, their
 * SubjectPublicKeyInfo and signatures, all of them DER already, but no certificate. The libraries that do
 * bring twenty packages and a polyfill of a global, for what is these few lines, which OpenSSL
 * reads in every handshake.
 */
export type Der = Uint8Array<ArrayBuffer>;

function tagged(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = Buffer.concat(parts);
  const { byteLength } = content;
  const long = byteLength < 0x80 ? [] : byteLength < 0x100 ? [0x81] : [0x82, byteLength >> 8];
  if (byteLength > 0xffff) throw new RangeError('No part of a certificate is as long as that.');
  return new Uint8Array(Buffer.concat([Uint8Array.of(tag, ...long, byteLength & 0xff), content]));
}

export const sequence = (...parts: readonly Uint8Array[]): Der => tagged(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Der => tagged(0x31, ...parts);
export const octets = (content: Uint8Array): Der => tagged(0x04, content);
export const bits = (content: Uint8Array): Der => tagged(0x03, Uint8Array.of(0), content);
export const truth = (): Der => tagged(0x01, Uint8Array.of(0xff));
export const utf8 = (text: string): Der => tagged(0x0c, Buffer.from(text));
/** Of the class that the context gives a meaning: `[number]`, constructed. */
export const context = (number: number, ...parts: readonly Uint8Array[]): Der => tagged(0xa0 | number, ...parts);
/** The same with a plain value. */
export const contextValue = (number: number, content: Uint8Array): Der => tagged(0x80 | number, content);

/** A whole number of at least 0, from its bytes, the highest first; its first bit must not be a sign. */
export function integer(bytes: Uint8Array): Der {
  return tagged(0x02, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Uint8Array.of(0), bytes]));
}

/** GeneralizedTime, in whole seconds; `date` is after 2049 or before 1950, or the reader is lenient. */
export function time(date: Date): Der {
  const text = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  // RFC 5280, section 4.1.2.5: UTCTime with two digits of the year up to 2049.
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text));
}

/** An object identifier, such as `1.2.840.10045.4.3.2`. */
export function identifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift(0x80 | (left & 0x7f));
    return groups;
  });
  return tagged(0x06, Uint8Array.from(bytes));
}
