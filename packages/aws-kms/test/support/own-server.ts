import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something that answers every request alike, while `work` runs. */
export async function withServer<T>(status: number, body: string, work: (endpoint: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
