import { randomBytes } from 'node:crypto';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Delivery } from '../../shared/faults/under-fault.js';
import type { KmsAnswer } from './answer.js';
import { framed } from './grpc-server.js';
import { STATUS_CODES } from './service-error.js';

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM } = constants;
const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };

/**
 * Hands an answer over as the fault wants it: whole, damaged, or not at all. One connection carries
 * the requests of many callers, so a fault ends the stream of its own request and leaves theirs.
 */
export function send(stream: ServerHttp2Stream, delivery: Delivery<KmsAnswer>): void {
  if (stream.destroyed || stream.closed) return;
  switch (delivery.how) {
    case 'dropped':
      stream.close(NGHTTP2_CANCEL);
      return;
    case 'reset':
      stream.close(NGHTTP2_REFUSED_STREAM);
      return;
    case 'whole':
      sendWhole(stream, delivery.answer);
      return;
    case 'garbage':
      sendMessage(stream, noMessage(delivery.answer.message.byteLength));
      return;
    case 'truncated':
      if (delivery.answer.status === undefined) sendMessage(stream, firstHalf(delivery.answer.message));
      else sendWhole(stream, delivery.answer);
      return;
    case 'cut-off':
      stream.respond(HEADERS);
      stream.write(firstHalf(framed(delivery.answer.message)), () => {
        stream.close(NGHTTP2_INTERNAL_ERROR);
      });
  }
}

function sendWhole(stream: ServerHttp2Stream, { status, details, message }: KmsAnswer): void {
  if (status === undefined) {
    sendMessage(stream, message);
    return;
  }
  // An error has no message: its status comes with the headers, which are its trailers too.
  const trailers = { 'grpc-status': STATUS_CODES[status], 'grpc-message': percentEncoded(details) };
  stream.respond({ ...HEADERS, ...trailers }, { endStream: true });
}

function sendMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.once('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': 0 });
  });
  stream.end(framed(message));
}

/** As the protocol wants it: printable ASCII but for `%`, everything else as percent-encoded UTF-8. */
function percentEncoded(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd').replaceAll(/[^ -$&-~]+/gu, encodeURIComponent);
}

/**
 * Random bytes behind a tag of a field that no message has, with a wire type that does not exist, so that no luck makes them
 * a message. (Decoders read a field that they know without a look at its wire type.)
 */
function noMessage(length: number): Uint8Array {
  return Buffer.concat([Uint8Array.of(0xff, 0x7f), randomBytes(Math.max(length, 64))]);
}

function firstHalf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.ceil(bytes.byteLength / 2));
}
