import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import type { RangeSource } from '../../src/index.js';

const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Serves bytes on the loopback interface, with ranges, until the test file ends. Returns the address. */
export async function serveRanges(bytes: Uint8Array): Promise<string> {
  const server = createServer((request, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    response.setHeader('Accept-Ranges', 'bytes');
    if (first === undefined || last === undefined) {
      response.setHeader('Content-Length', bytes.length);
      response.end(request.method === 'HEAD' ? undefined : bytes);
      return;
    }
    response.writeHead(206, { 'Content-Range': `bytes ${first}-${last}/${bytes.length}` });
    response.end(bytes.subarray(Number(first), Number(last) + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Ranges of what lies at an address. */
export async function httpSource(url: string): Promise<RangeSource> {
  const head = await fetch(url, { method: 'HEAD' });
  return {
    size: Number(head.headers.get('content-length')),
    async read(offset, length, signal) {
      const response = await fetch(url, { headers: { Range: `bytes=${offset}-${offset + length - 1}` }, signal });
      if (response.status !== 206) throw new Error(`The server answered ${response.status} to a range.`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
