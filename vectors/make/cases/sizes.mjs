// Plaintexts around every boundary of a segment.
import { embedded, external, sorted } from '../entries.mjs';
import { message } from '../message.mjs';
import { aes } from '../wraps.mjs';

/** @param {import('../collection.mjs').Collection} collection */
export function sizes(collection) {
  collection.opens('worked-example', 'The message that the specification takes apart.', workedExample());
  for (const length of [0, 1, 4095, 4096, 4097, 8191, 8192, 8193, 12289]) {
    const about = `${length} plaintext bytes in segments of 4,096.`;
    collection.opens(`size-${length}`, about, message(`size-${length}`, { plaintextLength: length }));
  }
  collection.opens(
    'segment-size-16k',
    'One byte more than a segment of 16,384.',
    message('segment-size-16k', { segmentLog2: 14, plaintextLength: 16_385 }),
  );
  collection.opens(
    'segment-size-16m',
    'The largest segments, of which the message fills one with five bytes.',
    message('segment-size-16m', { segmentLog2: 24 }),
  );
}

/** Bytes that are easy to tell apart in a dump stand for the random ones. */
function workedExample() {
  const run = (/** @type {number} */ from, /** @type {number} */ length) =>
    Uint8Array.from({ length }, (_, i) => from + i);
  return message('worked-example', {
    dataKey: run(0x00, 32),
    messageId: run(0x40, 16),
    context: sorted(embedded('tenant', 'acme'), external('row', '42')),
    wraps: [aes('vectors', {}, run(0x50, 16))],
  });
}

