import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt, decryptDetached, decryptStream, encrypt, encryptDetached, encryptDetachedStream, encryptStream } from '../../src/index.js';
import { cut, patterned } from '../support/bytes.js';
import { allowTime, cases } from '../support/cases.js';
import { through } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

allowTime();

const SEGMENT = 4096;
const keyring = new TestKeyring();
const options = { keyring, segmentSize: SEGMENT } as const;

const LENGTHS = [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 2 * SEGMENT + 1, 3 * SEGMENT + 17];

describe('a stream makes what one call makes', () => {
  it.each(LENGTHS)('of %i bytes', async (length) => {
    const plaintext = patterned(length);
    const streamed = await through(encryptStream(options), cut(plaintext, 1000));
    expect(await decrypt(streamed, options)).toEqual(plaintext);
    const whole = await encrypt(plaintext, options);
    expect(streamed.length).toBe(whole.length);
    expect(await through(decryptStream(options), cut(whole, 1000))).toEqual(plaintext);
  });

  it.each(LENGTHS)('of %i bytes, detached', async (length) => {
    const plaintext = patterned(length);
    const stream = await encryptDetachedStream(options);
    const payload = await through(stream.payload, cut(plaintext, 1000));
    expect(await decryptDetached({ header: stream.header, payload }, options)).toEqual(plaintext);
    const whole = await encryptDetached(plaintext, options);
    expect(await through(decryptStream({ keyring, header: whole.header }), cut(whole.payload, 1000))).toEqual(plaintext);
  });
});

/** Pieces of any sizes, none and empty ones among them, that make up `length` bytes. */
const pieces = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: SEGMENT + 17 }), fc.constantFrom(SEGMENT, SEGMENT + 16, 3 * SEGMENT)), {
    maxLength: 12,
  })
  .map((sizes) => {
    const plaintext = patterned(sizes.reduce((sum, size) => sum + size, 0));
    let at = 0;
    return { plaintext, chunks: sizes.map((size) => plaintext.slice(at, (at += size))) };
  });

describe('chunks of any size', () => {
  it('are encrypted and decrypted', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 2 * SEGMENT }), async ({ plaintext, chunks }, size) => {
        const envelope = await through(encryptStream(options), chunks);
        expect(Buffer.compare(await decrypt(envelope, options), plaintext)).toBe(0);
        expect(Buffer.compare(await through(decryptStream(options), cut(envelope, size)), plaintext)).toBe(0);
      }),
      { numRuns: cases(1_500, 100) },
    );
  });

  it.each([1, 7, SEGMENT - 1, SEGMENT, SEGMENT + 1, SEGMENT + 15, SEGMENT + 16, SEGMENT + 17])('of %i bytes all along', async (size) => {
    const plaintext = patterned(2 * SEGMENT + 50);
    const envelope = await through(encryptStream(options), cut(plaintext, size));
    expect(await decrypt(envelope, options)).toEqual(plaintext);
    expect(await through(decryptStream(options), cut(envelope, size))).toEqual(plaintext);
  });

  it('may be empty, anywhere', async () => {
    const none = new Uint8Array(0);
    const plaintext = patterned(SEGMENT + 1);
    const chunks = cut(plaintext, SEGMENT).flatMap((chunk) => [none, chunk, none]);
    const envelope = await through(encryptStream(options), chunks);
    expect(await decrypt(envelope, options)).toEqual(plaintext);
    expect(await through(decryptStream(options), cut(envelope, 100).flatMap((chunk) => [none, chunk]))).toEqual(plaintext);
    expect(await decrypt(await through(encryptStream(options), [none, none]), options)).toEqual(none);
  });
});
