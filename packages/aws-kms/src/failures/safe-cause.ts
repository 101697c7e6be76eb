import { readThrown } from './failure.js';

/**
 * What is safe to keep of an error as a `cause`: name, message, code and `$metadata` (status, request id, attempts).
 *
 * The error itself is not kept. The SDK attaches the HTTP response to it, and versions of it also the text of an answer
 * that could not be read, which may hold a data key in the clear; so may the message of a JSON error, which quotes it.
 */
export function safeCause(error: unknown): Error {
  const { name, message, code, isUnreadable } = readThrown(error);
  const cause = new Error(isUnreadable ? 'The answer could not be read.' : message);
  cause.name = name;
  return Object.assign(cause, code === undefined ? {} : { code }, metadataOf(error));
}

const METADATA = ['httpStatusCode', 'requestId', 'attempts', 'totalRetryDelay'] as const;

function metadataOf(error: unknown): { readonly $metadata?: Readonly<Record<string, unknown>> } {
  const { $metadata } = (error ?? {}) as { readonly $metadata?: Readonly<Record<string, unknown>> };
  if (typeof $metadata !== 'object') return {};
  return { $metadata: Object.fromEntries(METADATA.map((name) => [name, $metadata[name]])) };
}
