import type { ProviderName } from '../providers.js';
import type { RequestFacts } from './request-facts.js';

/** Which requests are meant. A field that is left out matches every request. */
export interface RequestTarget {
  readonly provider?: ProviderName;
  /** AWS Region, e.g. `eu-west-1`; location of Google Cloud, e.g. `europe-west1`; Azure region, e.g. `westeurope`. */
  readonly region?: string;
  /** AWS account of the caller, twelve digits; Google Cloud project of the key; Azure tenant. */
  readonly account?: string;
  /** Name of an Azure vault or managed HSM. */
  readonly vault?: string;
  /** Operation, or several of them, as the service spells them: `Decrypt`. */
  readonly operation?: string | readonly string[];
  /**
   * Any name of the key: its id, ARN, alias or alias ARN, its resource name, its Azure key id with or
   * without a version. The id of a multi-Region key means it in every Region, an ARN in one; an Azure
   * key id with a version means that version.
   */
  readonly key?: string;
}

/**
 * How a request ended: `ok`, the service's error code (`NotFoundException`, `NOT_FOUND`), `damaged` (a fault
 * spoiled the answer), `no-answer` (the connection ended without one) or `pending` (not yet).
 */
export type RequestOutcome = string;

/** Which requests to list or count. */
export interface RequestFilter extends RequestTarget {
  readonly outcome?: RequestOutcome;
}

/** Whether a request is among those that `target` means. */
export function matchesTarget(target: RequestTarget, facts: RequestFacts): boolean {
  const { provider, region, account, vault, operation, key } = target;
  if (provider !== undefined && provider !== facts.provider) return false;
  if (region !== undefined && region !== facts.region) return false;
  if (account !== undefined && account !== facts.account) return false;
  if (vault !== undefined && vault !== facts.vault) return false;
  if (operation !== undefined) {
    const wanted = typeof operation === 'string' ? [operation] : operation;
    if (!wanted.includes(facts.operation)) return false;
  }
  if (key === undefined) return true;
  return facts.keys.some(({ name, otherNames }) => name === key || otherNames.includes(key));
}
