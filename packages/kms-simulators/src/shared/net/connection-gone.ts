import type { ServerResponse } from 'node:http';

/** A signal that aborts when the connection ends before the response was fully handed over. */
export function connectionGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
