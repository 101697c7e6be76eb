/** Tags of the elements that occur in RSA keys (X.690, section 8). */
export const DER = { integer: 0x02, bitString: 0x03, octetString: 0x04, objectIdentifier: 0x06, sequence: 0x30 } as const;

/**
 * Reads the elements of a DER value one after the other. Everything that is not as asked for throws a `RangeError`, whose
 * text is not for users: what is no key of the right kind is refused by the caller.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The tag of the next element, or `undefined` at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The content of the next element, which must have this tag. */
  read(tag: number): Uint8Array {
    if (this.nextTag !== tag) throw new RangeError('another element');
    this.#at += 1;
    const length = this.#readLength();
    if (length > this.#bytes.length - this.#at) throw new RangeError('cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** The content of the next element, a sequence. */
  sequence(): DerReader {
    return new DerReader(this.read(DER.sequence));
  }

  /** A length in its only DER form: up to 0x7F in one byte, else behind a count of bytes (X.690, section 10.1). */
  #readLength(): number {
    const first = this.#readByte();
    if (first < 0x80) return first;
    const count = first - 0x80;
    if (count > 3) throw new RangeError('length');
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#readByte();
    if (length < 0x80 || length < 256 ** (count - 1)) throw new RangeError('length');
    return length;
  }

  #readByte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('cut off');
    return byte;
  }
}
