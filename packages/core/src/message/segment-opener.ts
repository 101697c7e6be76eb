import { throwIfAborted } from '../cancellation/abortable.js';
import type { AesGcm } from '../engine/types.js';
import { MESSAGE_ID_LENGTH, TAG_LENGTH } from '../format/constants.js';
import { assertRoomBehind, emptyLastSegment, truncatedPayload } from '../format/payload-layout.js';
import { openSegment } from './open-segment.js';
import { SegmentBuffer } from './segment-buffer.js';
import type { Emit } from './segment-sealer.js';

/**
 * Opens segments that arrive in pieces of any size, and emits each one's plaintext once its tag verified. The end of the
 * pieces must be the end of the payload.
 */
export class SegmentOpener {
  readonly #gcm: AesGcm;
  readonly #segmentSize: number;
  readonly #signal: AbortSignal;
  readonly #buffer: SegmentBuffer;
  #index = 0;

  constructor(gcm: AesGcm, segmentSize: number, signal: AbortSignal) {
    this.#gcm = gcm;
    this.#segmentSize = segmentSize;
    this.#signal = signal;
    this.#buffer = new SegmentBuffer(segmentSize + TAG_LENGTH);
  }

  /** Throws `payload-damaged`, `limit-exceeded`, `aborted`. */
  async write(chunk: Uint8Array, emit: Emit): Promise<void> {
    for (const sealed of this.#buffer.push(chunk)) {
      assertRoomBehind(this.#index, (this.#index + 1) * this.#segmentSize);
      await this.#open(sealed, false, emit);
    }
  }

  /** Opens the last segment. Throws as `write`, and `truncated`, `malformed`. */
  async end(emit: Emit): Promise<void> {
    const last = this.#buffer.rest();
    const offset = this.#offset;
    if (last.length < TAG_LENGTH) throw truncatedPayload(offset + last.length, offset + TAG_LENGTH);
    if (last.length === TAG_LENGTH && this.#index > 0) throw emptyLastSegment(offset);
    await this.#open(last, true, emit);
  }

  /** Where in the payload the next segment starts. */
  get #offset(): number {
    return MESSAGE_ID_LENGTH + this.#index * (this.#segmentSize + TAG_LENGTH);
  }

  async #open(sealed: Uint8Array, isLast: boolean, emit: Emit): Promise<void> {
    throwIfAborted(this.#signal);
    const plaintext = await openSegment(this.#gcm, sealed, this.#index, isLast, this.#offset);
    this.#index++;
    const emitted = emit(plaintext);
    if (emitted !== undefined) await emitted;
  }
}
