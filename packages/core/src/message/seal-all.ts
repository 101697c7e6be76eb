import { throwIfAborted } from '../cancellation/abortable.js';
import type { AesGcm } from '../engine/types.js';
import { segmentNonce } from '../format/nonce.js';
import { layoutOfPlaintext } from '../format/payload-layout.js';

/** Seals a whole plaintext into `output` from `offset` on, up to its end. */
export async function sealAll(
  gcm: AesGcm,
  plaintext: Uint8Array,
  segmentSize: number,
  output: Uint8Array,
  offset: number,
  signal: AbortSignal,
): Promise<void> {
  const { segmentCount } = layoutOfPlaintext(plaintext.length, segmentSize);
  let at = offset;
  for (let i = 0; i < segmentCount; i++) {
    throwIfAborted(signal);
    const segment = plaintext.subarray(i * segmentSize, (i + 1) * segmentSize);
    const sealed = gcm.seal(segmentNonce(i, i === segmentCount - 1), segment);
    for (const part of sealed instanceof Promise ? await sealed : sealed) {
      output.set(part, at);
      at += part.length;
    }
  }
  // What was not written is memory of somebody else's, and must not get out.
  if (at !== output.length) throw new Error('The payload does not have the length of its layout.');
}
