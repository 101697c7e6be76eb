/** @typedef {ReadableWritablePair<Uint8Array, Uint8Array>} ByteTransform */

/**
 * Writes pieces into a transform as a program does that minds back-pressure, and drops what comes out.
 *
 * @param {ByteTransform} transform @param {readonly Uint8Array[]} pieces
 */
export async function pump({ readable, writable }, pieces) {
  const writer = writable.getWriter();
  const drained = drain(readable);
  for (const piece of pieces) {
    await writer.ready;
    // Its failure shows in `ready` and `close` too.
    writer.write(piece).catch(() => undefined);
  }
  await Promise.all([writer.close(), drained]);
}

/** The same by the platform's own plumbing. @param {ByteTransform} transform @param {readonly Uint8Array[]} pieces */
export async function pipe(transform, pieces) {
  await readableOf(pieces).pipeThrough(transform).pipeTo(new WritableStream());
}

/** @param {ReadableStream<Uint8Array>} readable */
async function drain(readable) {
  const reader = readable.getReader();
  while (!(await reader.read()).done);
}

/** @param {readonly Uint8Array[]} pieces @returns {ReadableStream<Uint8Array>} */
function readableOf(pieces) {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = pieces[next++];
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
}

/** @param {Uint8Array} bytes @param {number} size */
export function cut(bytes, size) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
