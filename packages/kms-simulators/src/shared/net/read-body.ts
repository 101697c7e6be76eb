import type { IncomingMessage } from 'node:http';

/**
 * Reads the whole body of a request, or `undefined` if it is larger than `limit` bytes.
 * Rejects if the connection ends before the body does.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length <= limit) chunks.push(chunk);
  }
  if (length > limit) return undefined;
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}
