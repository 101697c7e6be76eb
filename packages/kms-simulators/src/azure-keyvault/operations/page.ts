import { badParameter } from '../protocol/vault-error.js';
import type { OperationRequest, Output } from './operation.js';

/** As many as the service lists at once, and unless told otherwise. */
const PAGE_SIZE = 25;

/** One page of a list, with the address of the next one. */
export function page(items: readonly Output[], path: string, { vault, query }: Pick<OperationRequest, 'vault' | 'query'>): Output {
  const size = Number(query.get('maxresults') ?? PAGE_SIZE);
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE) throw badParameter(`Property maxresults must be between 1 and ${PAGE_SIZE}.`);
  const token = query.get('$skiptoken');
  const from = token === null ? 0 : Number(/^from-(\d{1,9})$/.exec(token)?.[1] ?? NaN);
  if (Number.isNaN(from)) throw badParameter('Property $skiptoken did not come from this service.');
  const to = from + size;
  return { value: items.slice(from, to), nextLink: to < items.length ? nextLink(`${vault.url}/${path}`, query, to) : null };
}

function nextLink(url: string, query: URLSearchParams, from: number): string {
  const next = new URLSearchParams(query);
  next.set('$skiptoken', `from-${from}`);
  return `${url}?${next.toString()}`;
}
