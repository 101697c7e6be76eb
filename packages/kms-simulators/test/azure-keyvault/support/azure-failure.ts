/** What a call failed with: status, code, inner code and the service's sentence. */
export interface AzureFailure {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly inner: string | undefined;
  readonly message: string;
}

/** As much of the SDK's `RestError` as is looked at. */
interface RestError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly details?: { readonly error?: { readonly message: string; readonly innerError?: { readonly code: string } } };
}

/** The failure of a call that must fail at the service, or on the way to it. */
export async function azureFailureOf(call: Promise<unknown>): Promise<AzureFailure> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RestError') throw error;
    const { statusCode: status, code, details, message } = error as RestError;
    return { status, code, inner: details?.error?.innerError?.code, message: details?.error?.message ?? message };
  }
  throw new Error('The call succeeded.');
}

/** Status and code, and the inner code if there is one. */
export async function azureError(call: Promise<unknown>): Promise<string> {
  const { status, code, inner } = await azureFailureOf(call);
  return [status, code, inner].filter((part) => part !== undefined).join(' ');
}
