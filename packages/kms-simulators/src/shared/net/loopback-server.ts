import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { SimulatorError } from '../errors.js';

/** The simulators hold keys and take any credential: nothing outside this machine may reach them. */
export const LOOPBACK = '127.0.0.1';

/** An HTTP server on 127.0.0.1. */
export interface LoopbackServer {
  readonly port: number;
  /** Ends every connection, answered or not, and frees the port. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0 lets the system choose a free one.
 * @param certificate Makes it HTTPS; both PEM.
 * @throws SimulatorError `port-in-use`, `invalid-option`
 */
export async function listenOnLoopback(
  port: number,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  certificate?: { readonly cert: string; readonly key: string },
): Promise<LoopbackServer> {
  const server = certificate === undefined ? createServer(handler) : createTlsServer({ ...certificate }, handler);
  if (certificate !== undefined) rememberSockets(server);
  // Clients reuse idle connections; one that the server closes meanwhile would look like a fault.
  server.keepAliveTimeout = 0;
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

/** The TCP socket below that of a TLS connection. */
const BELOW = new WeakMap<Socket, Socket>();

function rememberSockets(server: Server): void {
  const sockets = new Map<number | undefined, Socket>();
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  server.on('secureConnection', (secure: Socket) => {
    const below = sockets.get(secure.remotePort);
    if (below !== undefined) BELOW.set(secure, below);
  });
}

/** Ends the connection of a request with TCP RST. Node can reset no TLS connection, only what is below it. */
export function resetConnection({ socket }: ServerResponse): void {
  if (socket !== null) (BELOW.get(socket) ?? socket).resetAndDestroy();
}

/** Resolves once any server of `node:net` or its kin listens on 127.0.0.1. */
export async function listen(server: Server, port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SimulatorError('invalid-option', `A port is a whole number from 0 to 65535, unlike ${port}.`);
  }
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') {
        reject(error);
        return;
      }
      reject(
        new SimulatorError(
          'port-in-use',
          `Port ${port} of ${LOOPBACK} is taken or not allowed. Choose another port, or 0 for any free one.`,
          { cause: error },
        ),
      );
    };
    server.once('error', onError);
    server.listen(port, LOOPBACK, () => {
      server.off('error', onError);
      resolve();
    });
  });
}
