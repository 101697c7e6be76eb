import { KMSServiceException } from '@aws-sdk/client-kms';

/** What a call failed with: the error of the SDK, by its name, HTTP status and message. */
export interface Failure {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** The failure of a call that must fail at the service. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof KMSServiceException) {
      return { name: error.name, status: error.$metadata.httpStatusCode, message: error.message };
    }
    throw error;
  }
  throw new Error('The call succeeded.');
}

/** The name alone. */
export async function errorName(call: Promise<unknown>): Promise<string> {
  return (await failureOf(call)).name;
}
