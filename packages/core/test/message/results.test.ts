import { describe, expect, it } from 'vitest';
import {
  decrypt,
  decryptDetached,
  decryptStream,
  encrypt,
  encryptDetached,
  encryptDetachedStream,
  encryptStream,
  fromText,
  toText,
} from '../../src/index.js';
import { primitives } from '../../src/keyring/index.js';
import { concat, patterned } from '../support/bytes.js';
import { streamOf } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const keyring = new TestKeyring();
const plaintext = patterned(10_000);
const input = Buffer.from(plaintext);

/** Nothing that gets out is a `Buffer`: its `slice` shares memory, and its memory may be that of others. */
function expectPlain(bytes: unknown): void {
  expect(Object.getPrototypeOf(bytes) === Uint8Array.prototype, 'It is a Uint8Array and no Buffer.').toBe(true);
  expect((bytes as Uint8Array).buffer instanceof ArrayBuffer, 'It lies in an ArrayBuffer.').toBe(true);
}

/** And nothing else is in its memory. */
function expectOwn(bytes: Uint8Array): void {
  expectPlain(bytes);
  expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, bytes.length]);
}

async function chunksOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe('a result is a Uint8Array in memory of its own', () => {
  it('of encrypt and decrypt', async () => {
    const envelope = await encrypt(input, { keyring, segmentSize: 4096 });
    expectOwn(envelope);
    expectOwn(await decrypt(Buffer.from(envelope), { keyring }));
  });

  it('of encryptDetached and decryptDetached', async () => {
    const { header, payload } = await encryptDetached(input, { keyring, segmentSize: 4096 });
    expectOwn(header);
    expectOwn(payload);
    expectOwn(await decryptDetached({ header: Buffer.from(header), payload: Buffer.from(payload) }, { keyring }));
  });

  it('of the text form', async () => {
    expectOwn(fromText(toText(await encrypt(input, { keyring }))));
  });

  it('of a stream, chunk by chunk', async () => {
    const sealed = await chunksOf(streamOf(input).pipeThrough(encryptStream({ keyring, segmentSize: 4096 })));
    for (const chunk of sealed) expectPlain(chunk);
    const opened = await chunksOf(streamOf(Buffer.from(concat(...sealed))).pipeThrough(decryptStream({ keyring })));
    for (const chunk of opened) expectPlain(chunk);
    const { header, payload } = await encryptDetachedStream({ keyring, segmentSize: 4096 });
    expectOwn(header);
    for (const chunk of await chunksOf(streamOf(input).pipeThrough(payload))) expectPlain(chunk);
  });

  it('of the primitives that keyrings get', async () => {
    const [key, nonce] = [patterned(32), new Uint8Array(12)];
    const gcm = await primitives.aesGcm(key);
    const sealed = await gcm.seal(nonce, input);
    const opened = await gcm.open(nonce, Buffer.from(concat(...sealed)));
    const hkdf = await primitives.hkdfSha512(key, nonce);
    const hashes = [await primitives.sha256(input), await primitives.hmacSha256(key, input)];
    const expanded = [await hkdf.expand(nonce, 32), await hkdf.expand(nonce, 65)];
    for (const bytes of [...sealed, opened, ...hashes, ...expanded, primitives.randomBytes(16), primitives.randomBytes(5000)]) {
      expectPlain(bytes);
    }
  });
});

describe('what a keyring is handed', () => {
  it('is made of Uint8Arrays too', async () => {
    const recording = new TestKeyring();
    const envelope = await encrypt(input, { keyring: recording, context: { a: 'b' } });
    await decrypt(Buffer.from(envelope), { keyring: recording, context: 'unchecked' });
    for (const { operation, request } of recording.calls) {
      expectPlain(request.context.digest);
      if (operation === 'wrap') expectPlain(request.keyMaterial);
      if (operation === 'unwrap') for (const { ciphertext } of request.wrappedKeys) expectPlain(ciphertext);
    }
    expect(recording.operations).toEqual(['wrap', 'unwrap']);
  });
});

describe('a result does not depend on its input any more', () => {
  it('once it is there', async () => {
    const bytes = plaintext.slice();
    const envelope = await encrypt(bytes, { keyring });
    bytes.fill(0);
    const opened = await decrypt(envelope, { keyring });
    envelope.fill(0);
    expect(opened).toEqual(plaintext);
    opened.fill(0);
    expect(await decrypt(await encrypt(plaintext, { keyring }), { keyring })).toEqual(plaintext);
  });
});
