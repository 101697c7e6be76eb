import { SimulatorError } from '../errors.js';
import type { ProviderName, ProviderServer } from '../providers.js';
import type { RequestFilter } from '../requests/request-target.js';

const FILTERS = ['provider', 'region', 'account', 'vault', 'operation', 'key', 'outcome'];

/**
 * A filter from query parameters, such as `?region=eu-west-1&operation=Decrypt`. `operation` may be
 * given several times.
 *
 * @throws SimulatorError `invalid-request` for a parameter that does not exist.
 */
export function readFilter(query: URLSearchParams, servers: readonly ProviderServer[]): RequestFilter {
  for (const name of query.keys()) {
    if (!FILTERS.includes(name)) {
      throw new SimulatorError(
        'invalid-request',
        `There is no filter "${name}". There are: ${FILTERS.join(', ')}.`,
      );
    }
  }
  const text = (name: string): Record<string, string> => {
    const value = query.get(name);
    return value === null ? {} : { [name]: value };
  };
  const provider = readProvider(query, servers);
  return {
    ...(provider === undefined ? {} : { provider }),
    ...text('region'),
    ...text('account'),
    ...text('vault'),
    ...text('key'),
    ...text('outcome'),
    ...(query.has('operation') ? { operation: query.getAll('operation') } : {}),
  };
}

/** The parameter `provider`, if there is one. */
export function readProvider(
  query: URLSearchParams,
  servers: readonly ProviderServer[],
): ProviderName | undefined {
  const value = query.get('provider');
  if (value === null) return undefined;
  const names = servers.map(({ provider }) => provider);
  const provider = names.find((name) => name === value);
  if (provider === undefined) {
    throw new SimulatorError('invalid-request', `The provider is one of: ${names.join(', ')}.`);
  }
  return provider;
}
