import { engine } from '../engine/engine.js';
import { MESSAGE_ID_LENGTH, PRELUDE_LENGTH } from '../format/constants.js';
import { parseHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { peekHeaderLength } from '../format/prelude.js';
import { assertSameMessage } from './message-id.js';
import { openHeader } from './open-header.js';
import type { ResolvedDecryptOptions } from './options.js';
import { SegmentOpener } from './segment-opener.js';
import type { Emit } from './segment-sealer.js';

/**
 * Opens an envelope, or the payload of a header that was parsed before, that arrives in pieces of any size. Goes through
 * the steps of opening in their order (specification, "Opening"): what comes first is complete and accepted before
 * anything behind it is looked at.
 */
export class EnvelopeOpener {
  readonly #options: ResolvedDecryptOptions;
  /** Bytes of the part that is being collected: the prelude, the whole header, or the message id. */
  #collected: Uint8Array;
  #filled = 0;
  #header: Header | undefined;
  #payloadKey: Uint8Array | undefined;
  #segments: SegmentOpener | undefined;

  constructor(options: ResolvedDecryptOptions, header?: Header) {
    this.#options = options;
    this.#header = header;
    this.#collected = new Uint8Array(header === undefined ? PRELUDE_LENGTH : MESSAGE_ID_LENGTH);
  }

  /** The header, once it was complete. Authentic once something was emitted, or `end` returned. */
  get header(): Header {
    if (this.#header === undefined) throw new Error('The header is not complete yet.');
    return this.#header;
  }

  /** Throws the errors of `decrypt`. */
  async write(chunk: Uint8Array, emit: Emit): Promise<void> {
    let rest = chunk;
    while (this.#segments === undefined && rest.length > 0) {
      rest = this.#collect(rest);
      if (this.#filled === this.#collected.length) await this.#advance();
    }
    if (rest.length > 0) await this.#segments?.write(rest, emit);
  }

  /** Says that nothing more comes. Throws the errors of `decrypt`. */
  async end(emit: Emit): Promise<void> {
    // Too short: whoever reads what there is says what is missing.
    if (this.#header === undefined) parseHeader(this.#collected.subarray(0, this.#filled), this.#options.limits);
    else if (this.#segments === undefined) await this.#begin(this.#header);
    await this.#segments?.end(emit);
  }

  /** Wipes the payload key. */
  close(): void {
    this.#payloadKey?.fill(0);
  }

  #collect(chunk: Uint8Array): Uint8Array {
    const taken = chunk.subarray(0, this.#collected.length - this.#filled);
    this.#collected.set(taken, this.#filled);
    this.#filled += taken.length;
    return chunk.subarray(taken.length);
  }

  /** The next step, now that the part that was being collected is complete. */
  async #advance(): Promise<void> {
    const { limits } = this.#options;
    if (this.#header === undefined) {
      // The length is held against the cap before room is made for it.
      const length = peekHeaderLength(this.#collected, limits) ?? PRELUDE_LENGTH;
      if (length > this.#filled) {
        const header = new Uint8Array(length);
        header.set(this.#collected);
        this.#collected = header;
        return;
      }
      this.#header = parseHeader(this.#collected, limits);
      this.#collected = new Uint8Array(MESSAGE_ID_LENGTH);
      this.#filled = 0;
    } else {
      await this.#begin(this.#header);
    }
  }

  /** Opens the header, then holds what was collected of the payload's beginning against it. */
  async #begin(header: Header): Promise<void> {
    const { payloadKey } = await openHeader(header, this.#options);
    this.#payloadKey = payloadKey;
    assertSameMessage(header, this.#collected.subarray(0, this.#filled));
    const segmentSize = 2 ** header.identity.segmentLog2;
    this.#segments = new SegmentOpener(await engine.aesGcm(payloadKey), segmentSize, this.#options.signal);
  }
}
