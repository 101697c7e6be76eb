import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Delivery } from '../faults/under-fault.js';
import { resetConnection } from './loopback-server.js';

/** An answer over HTTP, before it is sent. */
export interface HttpAnswer {
  /** `ok` or the error's code. */
  readonly outcome: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Hands an answer over as the fault wants it: whole, damaged, or not at all. */
export function deliverHttp(response: ServerResponse, delivery: Delivery<HttpAnswer>): void {
  if (response.destroyed) return;
  switch (delivery.how) {
    case 'dropped':
      response.destroy();
      return;
    case 'reset':
      resetConnection(response);
      return;
    case 'whole':
      end(response, delivery.answer);
      return;
    case 'garbage':
      end(response, { ...delivery.answer, status: 200, body: new Uint8Array(randomBytes(Math.max(delivery.answer.body.byteLength, 64))) });
      return;
    case 'truncated':
      end(response, { ...delivery.answer, body: firstHalf(delivery.answer.body) });
      return;
    case 'cut-off':
      writeHead(response, delivery.answer);
      response.write(firstHalf(delivery.answer.body), () => response.destroy());
  }
}

function end(response: ServerResponse, answer: HttpAnswer): void {
  writeHead(response, answer);
  response.end(answer.body);
}

function writeHead(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': body.byteLength });
}

function firstHalf(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return body.subarray(0, Math.ceil(body.byteLength / 2));
}
