import { describe, expect, it } from 'vitest';
import { decrypt, encryptDetachedStream, encryptStream } from '../../src/index.js';
import { cut, patterned } from '../support/bytes.js';
import { asFailure, failure } from '../support/failure.js';
import { collectUntilFailure, streamOf, through } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const SEGMENT = 4096;
const keyring = new TestKeyring();
const options = { keyring, segmentSize: SEGMENT } as const;

describe('a plaintext whose length was promised', () => {
  it.each([0, 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT])('is taken when it has %i bytes', async (plaintextLength) => {
    const plaintext = patterned(plaintextLength);
    const envelope = await through(encryptStream({ ...options, plaintextLength }), cut(plaintext, 1000));
    expect(await decrypt(envelope, options)).toEqual(plaintext);
  });

  it.each([
    [1, 0],
    [SEGMENT + 1, SEGMENT],
    [2 * SEGMENT + 1, 2 * SEGMENT],
    [1_000_000, 10_000],
    [2 ** 52, 5],
  ])('is refused when %i bytes were promised and %i came, and what there is does not open', async (plaintextLength, length) => {
    const sealed = streamOf(...cut(patterned(length), 1000)).pipeThrough(encryptStream({ ...options, plaintextLength }));
    const { bytes, error } = await collectUntilFailure(sealed);
    expect(asFailure(error, 'length-mismatch').details).toEqual({ expected: plaintextLength, actual: length });
    if (bytes.length > 0) expect((await failure(decrypt(bytes, options), codeOf(length))).message).toBeTruthy();
  });

  it.each([
    [0, 1],
    [SEGMENT, SEGMENT + 1],
    [SEGMENT - 1, SEGMENT],
    [10_000, 1_000_000],
  ])('is refused when %i bytes were promised and %i came: as soon as one is too many', async (plaintextLength, length) => {
    let taken = 0;
    const source = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull(controller) {
          const piece = patterned(Math.min(500, length - taken));
          taken += piece.length;
          controller.enqueue(piece);
          if (taken === length) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const { bytes, error } = await collectUntilFailure(source.pipeThrough(encryptStream({ ...options, plaintextLength })));
    const { expected, actual } = asFailure(error, 'length-mismatch').details;
    expect(expected).toBe(plaintextLength);
    expect(actual).toBeGreaterThan(plaintextLength);
    expect(actual).toBeLessThanOrEqual(plaintextLength + 500);
    expect(taken).toBeLessThanOrEqual(plaintextLength + 1500);
    await failure(decrypt(bytes, options), codeOf(plaintextLength));
  });

  it('is held to it by a detached stream as well', async () => {
    const { payload } = await encryptDetachedStream({ ...options, plaintextLength: 10 });
    const { error } = await collectUntilFailure(streamOf(patterned(9)).pipeThrough(payload));
    expect(asFailure(error, 'length-mismatch').details).toEqual({ expected: 10, actual: 9 });
  });
});

/** Without a single segment the payload is too short to be one; else the last one is not marked as such. */
function codeOf(sealedLength: number): 'truncated' | 'payload-damaged' {
  return sealedLength <= SEGMENT ? 'truncated' : 'payload-damaged';
}
