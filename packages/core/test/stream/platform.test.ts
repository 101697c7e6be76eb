import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { decrypt, decryptStream, encryptStream } from '../../src/index.js';
import { concat, cut, patterned } from '../support/bytes.js';
import { collect } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const keyring = new TestKeyring();
const plaintext = patterned(300_000);

describe('the streams among those of the platform', () => {
  it('encrypt a Blob and are read by a Response', async () => {
    const sealed = new Blob([plaintext]).stream().pipeThrough(encryptStream({ keyring }));
    const envelope = new Uint8Array(await new Response(sealed).arrayBuffer());
    const opened = new Blob([envelope]).stream().pipeThrough(decryptStream({ keyring }));
    expect(Buffer.compare(new Uint8Array(await new Response(opened).arrayBuffer()), plaintext)).toBe(0);
  });

  it('stand behind a compression and before a decompression', async () => {
    const zeros = new Uint8Array(1_000_000);
    const sealed = await collect(
      new Blob([zeros]).stream().pipeThrough(new CompressionStream('gzip')).pipeThrough(encryptStream({ keyring })),
    );
    expect(sealed.length).toBeLessThan(5_000);
    const opened = new Blob([sealed]).stream().pipeThrough(decryptStream({ keyring })).pipeThrough(new DecompressionStream('gzip'));
    expect(Buffer.compare(await collect(opened), zeros)).toBe(0);
  });

  it('stand one behind the other', async () => {
    const twice = new Blob([plaintext])
      .stream()
      .pipeThrough(encryptStream({ keyring }))
      .pipeThrough(encryptStream({ keyring, context: { layer: 'outer' } }));
    const opened = twice.pipeThrough(decryptStream({ keyring, context: { layer: 'outer' } })).pipeThrough(decryptStream({ keyring }));
    expect(Buffer.compare(await collect(opened), plaintext)).toBe(0);
  });

  it('stand between streams of Node', async () => {
    const source = Readable.toWeb(Readable.from(cut(plaintext, 10_000))) as ReadableStream<Uint8Array<ArrayBuffer>>;
    const chunks: Uint8Array[] = [];
    const sealed = Readable.fromWeb(source.pipeThrough(encryptStream({ keyring })) as never);
    for await (const chunk of sealed) chunks.push(chunk as Uint8Array);
    expect(Buffer.compare(await decrypt(concat(...chunks), { keyring }), plaintext)).toBe(0);
  });
});
