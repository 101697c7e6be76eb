import type { KeyStore } from '../keys/key-store.js';
import type { Message } from '../protocol/service-definition.js';

/** What an operation works with besides its request. */
export interface OperationContext {
  readonly store: KeyStore;
  /** Simulated time, milliseconds since 1970. */
  readonly now: number;
}

/** One operation of the service: a message in, a message out, or a ServiceError. */
export type Operation<Request = never> = (request: Request, context: OperationContext) => Message | Promise<Message>;
