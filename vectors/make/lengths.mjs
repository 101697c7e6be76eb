// What the length of a payload says of its segments and its plaintext, for readers that know it beforehand.

/** @typedef {{ segment_log2: number, payload_length: number } & Record<string, unknown>} Length */

/** @returns {Length[]} */
export function payloadLengths() {
  /** @type {Length[]} */
  const lengths = [];
  const is = (/** @type {number} */ segment_log2, /** @type {number} */ segments, /** @type {number} */ plaintext_length) => {
    const payload_length = 16 + plaintext_length + 16 * segments;
    lengths.push({ segment_log2, payload_length, segments, plaintext_length });
  };
  const fails = (/** @type {number} */ segment_log2, /** @type {number} */ payload_length, /** @type {object} */ failure) => {
    lengths.push({ segment_log2, payload_length, ...failure });
  };
  const truncated = { error: 'truncated', part: 'payload' };
  const empty = { error: 'malformed', rule: 'segment-empty-last' };
  for (const log2 of [12, 14, 24]) {
    const size = 2 ** log2;
    is(log2, 1, 0);
    is(log2, 1, 1);
    is(log2, 1, size);
    is(log2, 2, size + 1);
    is(log2, 2, 2 * size);
    is(log2, 3, 2 * size + 1);
    fails(log2, 16, truncated);
    fails(log2, 31, truncated);
    fails(log2, 16 + size + 16 + 1, truncated);
    fails(log2, 16 + size + 16 + 15, truncated);
    fails(log2, 16 + size + 32, empty);
  }
  // The most that the format allows, and one byte or segment more.
  is(12, 2 ** 32, 2 ** 44);
  is(12, 2 ** 32, 2 ** 44 - 4095);
  fails(12, 16 + 2 ** 44 + 1 + 16 * (2 ** 32 + 1), { error: 'limit-exceeded', limit: 'segments' });
  is(24, 2 ** 28, 2 ** 52);
  fails(24, 16 + 2 ** 52 + 1 + 16 * (2 ** 28 + 1), { error: 'limit-exceeded', limit: 'plaintextBytes' });
  return lengths;
}
