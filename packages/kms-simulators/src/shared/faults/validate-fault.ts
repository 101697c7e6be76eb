import { SimulatorError } from '../errors.js';
import type { ProviderName } from '../providers.js';
import { EFFECT_FIELDS, FAULT_KINDS, type Fault, type FaultKind } from './fault.js';

/** The operations that each running provider knows. */
export type KnownOperations = ReadonlyMap<ProviderName, ReadonlySet<string>>;

const TARGET_FIELDS = ['provider', 'region', 'account', 'vault', 'operation', 'key', 'count'];

/**
 * A fault with a misspelt field or operation would silently hit every request or none, so both are
 * refused.
 *
 * @throws SimulatorError `invalid-fault`
 */
export function validateFault(value: unknown, known: KnownOperations): Fault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('A fault is an object such as { "kind": "throttled", "count": 2 }.');
  }
  const fields = value as Record<string, unknown>;
  const kind = FAULT_KINDS.find((name) => name === fields['kind']);
  if (kind === undefined) {
    throw invalid(`The kind of a fault is one of: ${FAULT_KINDS.join(', ')}.`);
  }
  const { required, optional } = EFFECT_FIELDS[kind];
  const allowed = ['kind', ...TARGET_FIELDS, ...required, ...optional];
  for (const name of Object.keys(fields)) {
    if (fields[name] === undefined) continue;
    if (!allowed.includes(name)) {
      throw invalid(`A fault of kind ${kind} has no field "${name}". It has: ${allowed.join(', ')}.`);
    }
    checkField(name, fields[name]);
  }
  const missing = required.find((name) => fields[name] === undefined);
  if (missing !== undefined) throw invalid(`A fault of kind ${kind} needs the field "${missing}".`);
  checkOperations(fields, known);
  return { ...structuredClone(fields), ...checkProvider(kind, fields) } as unknown as Fault;
}

/** The provider that a fault is of, where no other can have it: it must not use up its count elsewhere. */
function checkProvider(kind: FaultKind, { provider, vault, retryAfter }: Record<string, unknown>): { readonly provider?: ProviderName } {
  const owners: [ProviderName, string][] = [];
  if (kind === 'wrong-crc' || kind === 'unverified-crc') owners.push(['gcp-kms', `faults of kind ${kind}`]);
  if (vault !== undefined) owners.push(['azure-keyvault', 'vaults']);
  if (retryAfter !== undefined) owners.push(['azure-keyvault', 'a retryAfter']);
  const [only] = owners[0] ?? [];
  const foreign = owners.find(([owner]) => owner !== (provider ?? only));
  if (foreign !== undefined) throw invalid(`Only ${foreign[0]} has ${foreign[1]}.`);
  return only === undefined ? {} : { provider: only };
}

function checkField(name: string, value: unknown): void {
  switch (name) {
    case 'count':
      if (!Number.isInteger(value) || (value as number) < 1) {
        throw invalid('The count of a fault is a whole number of at least 1; leave it out for "until cleared".');
      }
      return;
    case 'ms':
      if (typeof value !== 'number' || !(value >= 0 && value <= 0x7fff_ffff)) {
        throw invalid('The ms of a fault is a number of milliseconds from 0 to 2147483647.');
      }
      return;
    case 'retryAfter':
      if (!Number.isInteger(value) || (value as number) < 0) {
        throw invalid('The retryAfter of a fault is a whole number of seconds, at least 0.');
      }
      return;
    case 'status':
      if (!Number.isInteger(value) || (value as number) < 400 || (value as number) > 599) {
        throw invalid('The status of a fault is an HTTP status from 400 to 599.');
      }
      return;
    case 'operation':
      if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')) return;
  }
  if (typeof value !== 'string' || value === '') {
    throw invalid(`The ${name} of a fault is a text that is not empty.`);
  }
}

function checkOperations(fields: Record<string, unknown>, known: KnownOperations): void {
  const operations = [fields['operation'] ?? []].flat() as string[];
  const provider = fields['provider'] as ProviderName | undefined;
  if (provider !== undefined && !known.has(provider)) {
    throw invalid(`The provider of a fault is one of those simulated here: ${[...known.keys()].join(', ')}.`);
  }
  const candidates = [...known].filter(([name]) => provider === undefined || name === provider);
  for (const operation of operations) {
    if (candidates.some(([, names]) => names.has(operation))) continue;
    const all = candidates.flatMap(([, names]) => [...names]);
    const near = all.find((name) => name.toLowerCase() === operation.toLowerCase());
    throw invalid(
      near === undefined
        ? `No simulated service has an operation "${operation}". There are: ${all.join(', ')}.`
        : `There is no operation "${operation}"; it is spelt "${near}".`,
    );
  }
}

function invalid(message: string): SimulatorError {
  return new SimulatorError('invalid-fault', message);
}
