import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { listen, type LoopbackServer } from '../../shared/net/loopback-server.js';

/** One unary call that has arrived in full. */
export interface GrpcCall {
  /** E.g. `/google.cloud.kms.v1.KeyManagementService/Encrypt`. */
  readonly path: string;
  /** The message as it was sent; `undefined` if what was sent is not one uncompressed message. */
  readonly message: Uint8Array | undefined;
  readonly stream: ServerHttp2Stream;
  /** Aborts when the caller left before it was answered, or the server closes. */
  readonly gone: AbortSignal;
}

/** Bytes of the largest request: the service takes some 130 KiB. */
const BODY_LIMIT = 1024 * 1024;
/** One byte that says whether the message is compressed, and four for its length. */
const PREFIX_BYTES = 5;

/**
 * A server for unary gRPC calls over HTTP/2 without TLS (the protocol: https://github.com/grpc/grpc,
 * doc/PROTOCOL-HTTP2.md). It is made on `node:http2` because faults happen beneath what a gRPC
 * library shows: streams that are refused, answers that end in the middle, messages that are none.
 *
 * @throws SimulatorError `port-in-use`, `invalid-option`
 */
export async function listenForGrpc(port: number, onCall: (call: GrpcCall) => void): Promise<LoopbackServer> {
  const server = createServer();
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    receive(stream, String(headers[':path']), onCall);
  });
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const session of sessions) session.destroy();
      });
    },
  };
}

function receive(stream: ServerHttp2Stream, path: string, onCall: (call: GrpcCall) => void): void {
  const gone = new AbortController();
  const chunks: Uint8Array[] = [];
  let length = 0;
  stream.on('data', (chunk: Uint8Array) => {
    length += chunk.byteLength;
    if (length <= BODY_LIMIT) chunks.push(chunk);
  });
  stream.once('close', () => {
    gone.abort();
  });
  // A caller that resets its stream is one that left; 'close' follows.
  stream.on('error', () => undefined);
  stream.once('end', () => {
    const body = length <= BODY_LIMIT ? Buffer.concat(chunks) : undefined;
    onCall({ path, message: body && messageIn(body), stream, gone: gone.signal });
  });
}

function messageIn(body: Buffer): Uint8Array | undefined {
  if (body.byteLength < PREFIX_BYTES || body.readUInt8(0) !== 0) return undefined;
  if (body.readUInt32BE(1) !== body.byteLength - PREFIX_BYTES) return undefined;
  return body.subarray(PREFIX_BYTES);
}

/** A message as it travels. */
export function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([prefix, message]);
}
