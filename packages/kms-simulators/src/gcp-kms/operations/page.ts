import { invalidArgument } from '../protocol/service-error.js';
import type { Message } from '../protocol/service-definition.js';

/** What every list request has. */
export interface ListRequest {
  readonly parent: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** As many as the service lists at once, and unless told otherwise. */
const PAGE_SIZE = 1000;

/** One page of a list. */
export function page(name: string, items: readonly Message[], { pageSize, pageToken }: ListRequest): Message {
  const from = pageToken === '' ? 0 : Number(/^from-(\d{1,9})$/.exec(pageToken)?.[1] ?? NaN);
  if (Number.isNaN(from)) throw invalidArgument('The page token did not come from this service.');
  const to = from + (pageSize > 0 ? Math.min(pageSize, PAGE_SIZE) : PAGE_SIZE);
  return {
    [name]: items.slice(from, to),
    nextPageToken: to < items.length ? `from-${to}` : '',
    totalSize: items.length,
  };
}
