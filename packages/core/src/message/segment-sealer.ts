import { throwIfAborted } from '../cancellation/abortable.js';
import type { AesGcm, Awaitable } from '../engine/types.js';
import { KeyfoldError } from '../errors/keyfold-error.js';
import { segmentNonce } from '../format/nonce.js';
import { assertPayloadLimits, assertRoomBehind } from '../format/payload-layout.js';
import { SegmentBuffer } from './segment-buffer.js';

/** Takes over output, piece by piece; what it returns is waited for. */
export type Emit = (part: Uint8Array<ArrayBuffer>) => Awaitable<void>;

/** What a sealer is made for: one payload, in one pass. */
export interface SealerOptions {
  readonly gcm: AesGcm;
  readonly segmentSize: number;
  /** Bytes that the source promises: fewer or more throw `length-mismatch`, before a last segment is made. */
  readonly plaintextLength: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Seals a plaintext that arrives in pieces of any size, one segment at a time. A piece is not kept after its `write`
 * ended. No segment is sealed twice: the index only grows, and after an error or the end nothing more is taken.
 */
export class SegmentSealer {
  readonly #options: SealerOptions;
  readonly #buffer: SegmentBuffer;
  #index = 0;
  #total = 0;
  /** Also while a call is under way, and from then on if it fails. */
  #ended = false;

  constructor(options: SealerOptions) {
    this.#options = options;
    this.#buffer = new SegmentBuffer(options.segmentSize);
  }

  /** Throws `length-mismatch`, `limit-exceeded`, `aborted`, `already-used`. */
  async write(chunk: Uint8Array, emit: Emit): Promise<void> {
    const { plaintextLength } = this.#options;
    this.#begin();
    this.#total += chunk.length;
    if (plaintextLength !== undefined && this.#total > plaintextLength) throw lengthMismatch(plaintextLength, this.#total);
    for (const segment of this.#buffer.push(chunk)) {
      assertRoomBehind(this.#index, this.#total);
      await this.#seal(segment, false, emit);
    }
    this.#ended = false;
  }

  /** Seals the last segment. Throws as `write`. */
  async end(emit: Emit): Promise<void> {
    const { plaintextLength } = this.#options;
    this.#begin();
    if (plaintextLength !== undefined && this.#total < plaintextLength) throw lengthMismatch(plaintextLength, this.#total);
    assertPayloadLimits(this.#index + 1, this.#total);
    await this.#seal(this.#buffer.rest(), true, emit);
  }

  async #seal(segment: Uint8Array, isLast: boolean, emit: Emit): Promise<void> {
    const { gcm, signal } = this.#options;
    throwIfAborted(signal);
    const sealing = gcm.seal(segmentNonce(this.#index++, isLast), segment);
    for (const part of sealing instanceof Promise ? await sealing : sealing) {
      const emitted = emit(part);
      if (emitted !== undefined) await emitted;
    }
  }

  /** Refuses a call behind the end, behind one that failed, and beside one that is under way. */
  #begin(): void {
    if (this.#ended) throw new KeyfoldError('already-used', 'This payload has ended; start another message.', { what: 'payload' });
    this.#ended = true;
  }
}

function lengthMismatch(expected: number, actual: number): KeyfoldError<'length-mismatch'> {
  return new KeyfoldError(
    'length-mismatch',
    actual < expected
      ? `The plaintext ended after ${actual} of the ${expected} bytes that were promised. Read it again from its source.`
      : `The plaintext is longer than the ${expected} bytes that were promised. Correct the length, or leave it out.`,
    { expected, actual },
  );
}
