import type { IncomingMessage, ServerResponse } from 'node:http';
import { SimulatorError } from '../errors.js';
import { listenOnLoopback, LOOPBACK } from '../net/loopback-server.js';
import { readBody } from '../net/read-body.js';
import type { Controlled } from './controlled.js';
import { routeControl } from './routes.js';

/** A running HTTP control API. */
export interface ControlServer {
  /** E.g. `http://127.0.0.1:8599`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Bytes. The largest request is one fault. */
const BODY_LIMIT = 64 * 1024;

/**
 * Serves the control API on 127.0.0.1.
 *
 * @throws SimulatorError `port-in-use`
 */
export async function startControlServer(port: number, controlled: Controlled): Promise<ControlServer> {
  const server = await listenOnLoopback(port, (request, response) => {
    respond(request, response, controlled).catch((error: unknown) => {
      send(response, ...failure(error));
    });
  });
  return { url: `http://${LOOPBACK}:${server.port}`, close: async () => { await server.close(); } };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  controlled: Controlled,
): Promise<void> {
  refuseBrowsers(request);
  const url = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const body = await readBody(request, BODY_LIMIT);
  const result = await routeControl(
    { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body: parse(body) },
    controlled,
  );
  send(response, result.status, result.body);
}

/**
 * A web page that the developer has open must not steer the simulators: neither by a name that it
 * makes resolve to 127.0.0.1 (the Host header tells), nor by a form or script of another origin.
 */
function refuseBrowsers({ headers }: IncomingMessage): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (host !== LOOPBACK && host !== 'localhost') {
    throw new SimulatorError('invalid-request', `Address the control API as ${LOOPBACK} or localhost.`);
  }
  if (headers.origin !== undefined) {
    throw new SimulatorError('invalid-request', 'The control API takes no requests from web pages.');
  }
}

function parse(body: Uint8Array | undefined): unknown {
  if (body === undefined) {
    throw new SimulatorError('invalid-request', `A request body has at most ${BODY_LIMIT} bytes.`);
  }
  if (body.byteLength === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new SimulatorError('invalid-request', 'The body of the request is not JSON.', { cause: error });
  }
}

function failure(error: unknown): [status: number, body: unknown] {
  if (SimulatorError.isInstance(error)) {
    return [400, { error: { code: error.code, message: error.message } }];
  }
  return [500, { error: { code: 'internal', message: String(error) } }];
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const text = `${JSON.stringify(body, undefined, 2)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
