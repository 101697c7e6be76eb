import { quotesAnswer } from './client-errors.js';
import { readThrown } from './failure.js';

/**
 * What is safe to keep of an error as a `cause`: name, message, code and HTTP status. The error itself is not kept: the SDK
 * attaches request and answer to it, and what it says of an answer that it could not read quotes the answer.
 */
export function safeCause(error: unknown): Error {
  const thrown = readThrown(error);
  const { name, message, status, code } = thrown;
  const cause = new Error(quotesAnswer(thrown) ? 'The answer could not be read.' : message);
  cause.name = name;
  return Object.assign(cause, code === undefined ? {} : { code }, status === undefined ? {} : { statusCode: status });
}
