import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Delivery } from '../../shared/faults/under-fault.js';
import type { KmsAnswer } from './answer.js';

/** Hands an answer over as the fault wants it: whole, damaged, or not at all. */
export function send(response: ServerResponse, delivery: Delivery<KmsAnswer>): void {
  if (response.destroyed) return;
  switch (delivery.how) {
    case 'dropped':
      response.destroy();
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'whole':
      end(response, delivery.answer.status, delivery.answer.body);
      return;
    case 'garbage':
      end(response, 200, randomBytes(Math.max(delivery.answer.body.byteLength, 64)));
      return;
    case 'truncated':
      end(response, delivery.answer.status, firstHalf(delivery.answer.body));
      return;
    case 'cut-off': {
      const { status, body } = delivery.answer;
      writeHead(response, status, body.byteLength);
      response.write(firstHalf(body), () => response.destroy());
    }
  }
}

function end(response: ServerResponse, status: number, body: Uint8Array): void {
  writeHead(response, status, body.byteLength);
  response.end(body);
}

function writeHead(response: ServerResponse, status: number, length: number): void {
  response.writeHead(status, {
    'cache-control': 'no-cache, no-store, must-revalidate, private',
    'content-length': length,
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
}

function firstHalf(body: Uint8Array): Uint8Array {
  return body.subarray(0, Math.ceil(body.byteLength / 2));
}
