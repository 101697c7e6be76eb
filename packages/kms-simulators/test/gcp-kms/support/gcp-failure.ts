import { status as Status } from '@grpc/grpc-js';

/** What a call failed with: the gRPC status by its name, and the service's sentence. */
export interface GcpFailure {
  readonly status: string;
  readonly message: string;
}

/** The failure of a call that must fail at the service. */
export async function gcpFailureOf(call: Promise<unknown>): Promise<GcpFailure> {
  try {
    await call;
  } catch (error) {
    const { code, details } = error as { readonly code?: number; readonly details?: string };
    if (typeof code === 'number') return { status: Status[code] ?? `${code}`, message: details ?? '' };
    throw error;
  }
  throw new Error('The call succeeded.');
}

/** The status alone. */
export async function gcpStatus(call: Promise<unknown>): Promise<string> {
  return (await gcpFailureOf(call)).status;
}
