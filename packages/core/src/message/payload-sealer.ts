import { engine } from '../engine/engine.js';
import type { Emit } from './segment-sealer.js';
import { SegmentSealer } from './segment-sealer.js';
import type { StartedMessage } from './start-message.js';

/** Makes the payload of a message that was started: its message id, then its segments. */
export class PayloadSealer {
  readonly #message: StartedMessage;
  readonly #plaintextLength: number | undefined;
  readonly #signal: AbortSignal;
  #segments: SegmentSealer | undefined;

  constructor(message: StartedMessage, plaintextLength: number | undefined, signal: AbortSignal) {
    this.#message = message;
    this.#plaintextLength = plaintextLength;
    this.#signal = signal;
  }

  /** Throws as `SegmentSealer.write`. */
  async write(chunk: Uint8Array, emit: Emit): Promise<void> {
    this.#segments ??= await this.#begin(emit);
    await this.#segments.write(chunk, emit);
  }

  /** Throws as `SegmentSealer.end`. */
  async end(emit: Emit): Promise<void> {
    this.#segments ??= await this.#begin(emit);
    await this.#segments.end(emit);
  }

  /** Wipes the payload key. */
  close(): void {
    this.#message.payloadKey.fill(0);
  }

  async #begin(emit: Emit): Promise<SegmentSealer> {
    const { messageId, payloadKey, segmentSize } = this.#message;
    const gcm = await engine.aesGcm(payloadKey);
    const emitted = emit(messageId);
    if (emitted !== undefined) await emitted;
    return new SegmentSealer({ gcm, segmentSize, plaintextLength: this.#plaintextLength, signal: this.#signal });
  }
}
