import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { selectRanges } from './byte-ranges.mjs';
import { evaluateConditions, isRangeWanted } from './conditions.mjs';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {import('./byte-ranges.mjs').ByteRange} ByteRange */

/**
 * A request listener that serves the plaintext of an open envelope, or the parts of it that are asked for. Every byte that
 * leaves it is authentic. Where a segment is damaged the connection breaks, so that nobody takes the beginning for all.
 *
 * @param {import('@keyfold/core').EnvelopeReader} reader
 * @param {{ readonly type: string }} options `type` is the media type of the plaintext
 */
export function serveEnvelope(reader, { type }) {
  // A message id stands for one plaintext. A rewrap changes the revision and not the plaintext, so it is no part of the tag:
  // downloads go on when keys have been rotated meanwhile.
  const etag = `"${reader.info.messageId}"`;
  const common = { 'Accept-Ranges': 'bytes', ETag: etag, 'Cache-Control': 'private' };

  /** @param {Request} request @param {Response} response */
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': 0 }).end();
      return;
    }
    const condition = evaluateConditions(request.headers, etag);
    if (condition !== 'proceed') {
      const [status, headers] = condition === 'not-modified' ? [304, common] : [412, { 'Content-Length': 0 }];
      response.writeHead(status, headers).end();
      return;
    }
    const answer = answerTo(request, reader.length, etag, type);
    response.writeHead(answer.status, { ...common, ...answer.headers });
    if (request.method === 'HEAD') response.end();
    else await send(reader, answer.pieces, response);
  };
}

/**
 * A part of the body: text around the parts, or a part of the plaintext.
 *
 * @typedef {Uint8Array | ByteRange} Piece
 */

/**
 * @param {Request} request @param {number} length @param {string} etag @param {string} type
 * @returns {{ readonly status: number, readonly headers: Record<string, string | number>, readonly pieces: readonly Piece[] }}
 */
function answerTo(request, length, etag, type) {
  // Ranges are defined for GET alone (RFC 9110, section 14.2).
  const isRange = request.method === 'GET' && isRangeWanted(request.headers, etag);
  const selection = selectRanges(isRange ? request.headers.range : undefined, length);
  if (selection.kind === 'unsatisfiable') {
    return { status: 416, headers: { 'Content-Range': `bytes */${length}`, 'Content-Length': 0 }, pieces: [] };
  }
  if (selection.kind === 'whole') {
    const pieces = length === 0 ? [] : [{ first: 0, last: length - 1 }];
    return { status: 200, headers: { 'Content-Type': type, 'Content-Length': length }, pieces };
  }
  const [range, ...others] = selection.ranges;
  if (range !== undefined && others.length === 0) {
    const headers = { 'Content-Type': type, 'Content-Range': contentRange(range, length), 'Content-Length': lengthOf(range) };
    return { status: 206, headers, pieces: [range] };
  }
  const boundary = randomBytes(16).toString('hex');
  const pieces = multipart(selection.ranges, boundary, type, length);
  const headers = {
    'Content-Type': `multipart/byteranges; boundary=${boundary}`,
    'Content-Length': pieces.reduce((sum, piece) => sum + lengthOf(piece), 0),
  };
  return { status: 206, headers, pieces };
}

/** RFC 9110, section 14.6. @param {readonly ByteRange[]} ranges @param {string} boundary @param {string} type @param {number} length @returns {Piece[]} */
function multipart(ranges, boundary, type, length) {
  const text = new TextEncoder();
  const pieces = ranges.flatMap((range, i) => {
    const head = `${i === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${contentRange(range, length)}\r\n\r\n`;
    return [text.encode(head), range];
  });
  return [...pieces, text.encode(`\r\n--${boundary}--\r\n`)];
}

/** @param {import('@keyfold/core').EnvelopeReader} reader @param {readonly Piece[]} pieces @param {Response} response */
async function send(reader, pieces, response) {
  const left = new AbortController();
  // Who leaves early, as a player does that seeks, stops the reading too.
  response.on('close', () => { left.abort(); });
  try {
    await pipeline(async function* () {
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) yield piece;
        else yield* reader.stream({ offset: piece.first, length: lengthOf(piece), signal: left.signal });
      }
    }, response);
  } catch (error) {
    // The status is out already: all that can be done is to break off. `pipeline` has done so.
    if (!left.signal.aborted || !response.destroyed) throw error;
  }
}

/** @param {Piece} piece */
function lengthOf(piece) {
  return piece instanceof Uint8Array ? piece.length : piece.last - piece.first + 1;
}

/** @param {ByteRange} range @param {number} length */
function contentRange({ first, last }, length) {
  return `bytes ${first}-${last}/${length}`;
}
