import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesSource, encrypt, openEnvelope, rewrap, inspect } from '@keyfold/core';
import type { EnvelopeReader, RangeSource } from '@keyfold/core';
import { openFileSource } from '@keyfold/core/node';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import { serveEnvelope } from '../src/serve-envelope.mjs';

const keyring = rawAesKeyring({ name: 'video', key: generateAesKey() });
const folder = mkdtempSync(join(tmpdir(), 'keyfold-http-range-'));
const video = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >>> 5);
const envelope = await encrypt(video, { keyring, segmentSize: 4096 });
const etag = `"${inspect(envelope).messageId}"`;

const servers: Server[] = [];
const errors: unknown[] = [];

async function serve(reader: EnvelopeReader): Promise<number> {
  const listener = serveEnvelope(reader, { type: 'video/mp4' });
  const server = createServer((request, response) => {
    listener(request, response).catch((error: unknown) => {
      errors.push(error);
      response.destroy();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

let port: number;
beforeAll(async () => {
  writeFileSync(join(folder, 'video.mp4.keyfold'), envelope);
  port = await serve(await openEnvelope(await openFileSource(join(folder, 'video.mp4.keyfold')), { keyring }));
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function ask(headers: Record<string, string> = {}, method = 'GET', at = port): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const sent = httpRequest({ port: at, host: '127.0.0.1', method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

function expectPart({ status, headers, body }: Answer, first: number, last: number): void {
  expect(status).toBe(206);
  expect(headers).toMatchObject({ 'content-type': 'video/mp4', 'content-range': `bytes ${first}-${last}/300000`, 'content-length': String(last - first + 1) });
  expect(Buffer.compare(body, video.subarray(first, last + 1))).toBe(0);
}

function expectWhole({ status, headers, body }: Answer): void {
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'video/mp4', 'content-length': '300000', 'accept-ranges': 'bytes', etag });
  expect(headers['content-range']).toBeUndefined();
  expect(Buffer.compare(body, video)).toBe(0);
}

describe('one part', () => {
  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=4095-4096', 4095, 4096],
    ['bytes=100000-199999', 100_000, 199_999],
    ['bytes=299999-', 299_999, 299_999],
    ['bytes=-5', 299_995, 299_999],
    ['bytes=0-', 0, 299_999],
    ['bytes=299990-999999999999999999999', 299_990, 299_999],
    ['bytes=0-9,5-19,20-29', 0, 29],
  ])('%s', async (range, first, last) => {
    const answer = await ask({ range });
    expectPart(answer, first, last);
    expect(answer.headers).toMatchObject({ etag, 'accept-ranges': 'bytes' });
  });

  it('after another, over one connection, makes the whole', async () => {
    const parts: Buffer[] = [];
    for (let first = 0; first < 300_000; first += 70_001) parts.push((await ask({ range: `bytes=${first}-${first + 70_000}` })).body);
    expect(Buffer.compare(Buffer.concat(parts), video)).toBe(0);
  });
});

describe('several parts', () => {
  it('come as multipart/byteranges', async () => {
    const { status, headers, body } = await ask({ range: 'bytes=0-9,100000-100019,-3' });
    expect(status).toBe(206);
    expect(headers['content-range']).toBeUndefined();
    expect(headers['content-length']).toBe(String(body.length));
    const [, boundary = ''] = /^multipart\/byteranges; boundary=([0-9a-f]{32})$/.exec(headers['content-type'] ?? '') ?? [];
    const expected = [[0, 9], [100_000, 100_019], [299_997, 299_999]].map(([first = 0, last = 0]) =>
      Buffer.concat([
        Buffer.from(`--${boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes ${first}-${last}/300000\r\n\r\n`),
        video.subarray(first, last + 1),
        Buffer.from('\r\n'),
      ]),
    );
    expect(Buffer.compare(body, Buffer.concat([...expected, Buffer.from(`--${boundary}--\r\n`)]))).toBe(0);
  });

  it('can be taken apart by a client that knows nothing of it', async () => {
    const { headers, body } = await ask({ range: 'bytes=0-9,20-29' });
    const type = (headers['content-type'] ?? '').replace('byteranges', 'form-data');
    // As a form, for which there is a parser: each part gets the header that a form needs.
    const form = body.toString('latin1').replaceAll('Content-Type: video/mp4', 'Content-Disposition: form-data; name="part"; filename="p"');
    const parts = (await new Response(Buffer.from(form, 'latin1'), { headers: { 'Content-Type': type } }).formData()).getAll('part') as File[];
    const bytes = await Promise.all(parts.map(async (part) => Buffer.from(await part.arrayBuffer())));
    expect(bytes).toEqual([Buffer.from(video.subarray(0, 10)), Buffer.from(video.subarray(20, 30))]);
  });
});

describe('the whole', () => {
  it.each([undefined, 'bytes=5-1', 'bytes=x', 'seconds=0-1', 'bytes=', `bytes=${Array.from({ length: 17 }, (_, i) => `${i * 9}-${i * 9}`).join(',')}`])(
    'is the answer to Range: %s',
    async (range) => {
      expectWhole(await ask(range === undefined ? {} : { range }));
    },
  );

  it('of nothing is nothing, whatever part of it is wanted', async () => {
    const empty = await serve(await openEnvelope(bytesSource(await encrypt(new Uint8Array(0), { keyring })), { keyring }));
    for (const range of ['bytes=0-', 'bytes=-5', 'bytes=0-0']) {
      expect(await ask({ range }, 'GET', empty)).toMatchObject({ status: 200, headers: { 'content-length': '0' }, body: Buffer.alloc(0) });
    }
  });
});

describe('what is not there', () => {
  it.each(['bytes=300000-', 'bytes=300000-300001', 'bytes=-0', 'bytes=999999999999999999999-'])('%s', async (range) => {
    const { status, headers, body } = await ask({ range });
    expect([status, headers['content-range'], body.length]).toEqual([416, 'bytes */300000', 0]);
    expect(headers['content-type']).toBeUndefined();
  });
});

describe('conditions', () => {
  it('If-Range: the part, if it is of the same representation; else the whole', async () => {
    const range = 'bytes=0-9';
    expectPart(await ask({ range, 'if-range': etag }), 0, 9);
    for (const other of ['"another"', `W/${etag}`, new Date().toUTCString(), 'x', '*', `${etag}, "another"`]) {
      expectWhole(await ask({ range, 'if-range': other }));
    }
    // Without a range, it says nothing.
    expectWhole(await ask({ 'if-range': '"another"' }));
    // What is not there is not missed where the whole is sent.
    expectWhole(await ask({ range: 'bytes=999999-', 'if-range': '"another"' }));
  });

  it('If-None-Match: nothing, if the client has it', async () => {
    for (const tags of [etag, `W/${etag}`, `"a,b", ${etag}`, '*']) {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, body } = await ask({ 'if-none-match': tags, range: 'bytes=0-9' }, method);
        expect([status, headers.etag, body.length]).toEqual([304, etag, 0]);
        expect(headers['content-length']).toBeUndefined();
      }
    }
    expectWhole(await ask({ 'if-none-match': '"another"' }));
  });

  it('If-Match: nothing, if it is another', async () => {
    expect((await ask({ 'if-match': '"another"' })).status).toBe(412);
    expect((await ask({ 'if-match': `W/${etag}` })).status).toBe(412);
    expectWhole(await ask({ 'if-match': `"another", ${etag}` }));
    expectWhole(await ask({ 'if-match': '*' }));
  });

  it('hold on when the keys have been rotated meanwhile: the tag says which plaintext it is', async () => {
    const { headerLength } = inspect(envelope);
    const next = rawAesKeyring({ name: 'video-2', key: generateAesKey() });
    const { header } = await rewrap(envelope.subarray(0, headerLength), { keyring, wrapWith: next });
    const rewrapped = await openEnvelope(bytesSource(envelope.subarray(headerLength)), { keyring: next, header });
    expect(rewrapped.info.revision).toBe(1);
    expectPart(await ask({ range: 'bytes=5-6', 'if-range': etag }, 'GET', await serve(rewrapped)), 5, 6);
  });
});

describe('other methods', () => {
  it('HEAD: as GET without a range, and no body', async () => {
    const { status, headers, body } = await ask({ range: 'bytes=0-9' }, 'HEAD');
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers).toMatchObject({ 'content-length': '300000', 'content-type': 'video/mp4', 'accept-ranges': 'bytes', etag });
    expect(headers['content-range']).toBeUndefined();
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s: not allowed', async (method) => {
    const { status, headers } = await ask({}, method);
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('a client that leaves', () => {
  it('stops the reading of the file', async () => {
    const long = await encrypt(new Uint8Array(40 << 20), { keyring });
    const signals: AbortSignal[] = [];
    let read = 0;
    const inner = bytesSource(long);
    const source: RangeSource = {
      size: inner.size,
      read: async (offset, length, signal) => {
        signals.push(signal);
        read += length;
        return await inner.read(offset, length, signal);
      },
    };
    const at = await serve(await openEnvelope(source, { keyring }));
    const socket = connect(at, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    let before = -1;
    while (before !== read) {
      before = read;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(read).toBeLessThan(long.length / 2);
  });
});

describe('a damaged segment', () => {
  it('breaks the connection: no byte of it arrives, and nobody takes the beginning for all', async () => {
    const damaged = new Uint8Array(envelope);
    const at = damaged.length - 200_000;
    damaged[at] = (damaged[at] as number) ^ 1;
    const broken = await serve(await openEnvelope(bytesSource(damaged), { keyring }));
    const received: Buffer[] = [];
    const complete = await new Promise<boolean>((resolve) => {
      const sent = httpRequest({ port: broken, host: '127.0.0.1' }, (response) => {
        response.on('data', (chunk: Buffer) => received.push(chunk));
        response.on('error', () => undefined);
        response.on('close', () => { resolve(response.complete); });
      });
      // Where nothing at all was sent yet, the connection ends without a response.
      sent.on('error', () => { resolve(false); });
      sent.end();
    });
    expect(complete).toBe(false);
    const body = Buffer.concat(received);
    expect(Buffer.compare(body, video.subarray(0, body.length))).toBe(0);
    expect(body.length).toBeLessThan(110_000);
    expect(errors.splice(0)).toMatchObject([{ code: 'payload-damaged' }]);
    // Other parts are served as ever.
    expectPart(await ask({ range: 'bytes=0-4095' }, 'GET', broken), 0, 4095);
    expectPart(await ask({ range: 'bytes=-4095' }, 'GET', broken), 295_905, 299_999);
  });
});

describe('the file on the disk', () => {
  it('holds nothing of the plaintext', () => {
    expect(readFileSync(join(folder, 'video.mp4.keyfold')).includes(Buffer.from(video.subarray(0, 64)))).toBe(false);
  });
});
