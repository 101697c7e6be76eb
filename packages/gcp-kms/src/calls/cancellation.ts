import type { GcpKmsCallOptions, GrpcInterceptor } from '../clients/kms-client.js';

/** `CANCELLED` of gRPC. */
const CANCELLED = 1;

/**
 * Call options under which a request ends when a signal fires: on the wire, too. The SDK takes no signal, and its promises
 * have lost the `cancel` that they once had; but the options that it passes on to gRPC reach the call itself.
 */
export function callOptions(signal: AbortSignal): GcpKmsCallOptions {
  const cancelOnAbort: GrpcInterceptor = (options, nextCall) => {
    const call = nextCall(options);
    const cancel = (): void => {
      call.cancelWithStatus(CANCELLED, 'The caller gave up.');
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    return call;
  };
  return { retry: null, otherArgs: { options: { interceptors: [cancelOnAbort] } } };
}
