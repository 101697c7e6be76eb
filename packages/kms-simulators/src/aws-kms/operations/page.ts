import type { Input } from '../protocol/input.js';
import { KmsError } from '../protocol/kms-error.js';
import type { Output } from './operation.js';

/** One page of a list: `Limit` items after `Marker`. */
export function page(
  input: Input,
  name: string,
  defaultLimit: number,
  maxLimit: number,
  items: readonly Output[],
): Output {
  const limit = input.integer('Limit', 1, maxLimit) ?? defaultLimit;
  const marker = input.optionalText('Marker', { max: 1024 }) ?? 'start-0';
  const from = Number(/^start-(\d{1,9})$/.exec(marker)?.[1] ?? NaN);
  if (Number.isNaN(from)) throw new KmsError('InvalidMarkerException', 'The marker did not come from this service.');
  const to = from + limit;
  const truncated = to < items.length;
  return {
    [name]: items.slice(from, to),
    NextMarker: truncated ? `start-${to}` : undefined,
    Truncated: truncated,
  };
}
