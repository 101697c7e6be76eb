import { isKeyfoldError } from '@keyfold/core';
import type { FailureReason } from '@keyfold/core';
import type { Operation } from '../manifest.js';
import { assert, fail, show } from '../support/assert.js';
import { failureRows } from '../support/failure-rows.js';
import type { FailureRow } from '../support/failure-rows.js';
import { findSecret, findText } from '../support/secret-search.js';
import type { Bench } from './bench.js';

/** What an error of a keyring must say. What is absent may be anything. */
export interface ExpectedFailure {
  readonly reasons?: readonly FailureReason[];
  readonly retryable?: boolean;
  readonly remedy?: RegExp | undefined;
}

/** A closed list, as a value. Being a record, it cannot miss a reason. */
const REASONS: Readonly<Record<FailureReason, true>> = {
  'access-denied': true,
  'not-found': true,
  disabled: true,
  'pending-deletion': true,
  throttled: true,
  unavailable: true,
  timeout: true,
  'context-mismatch': true,
  corrupt: true,
  integrity: true,
  misconfigured: true,
  aborted: true,
  unknown: true,
};

/** How an operation's failure of several keys is called. */
const SUMMARY = { wrap: 'wrap-failed', generate: 'wrap-failed', unwrap: 'unwrap-failed', check: undefined } as const;

/** Checks an error that a keyring threw because of a key: its form, what it says, and that it gives nothing away. */
export function checkFailure(bench: Bench, error: unknown, operation: Operation, expected: ExpectedFailure): void {
  checkNothingLeaks(bench, error);
  const rows = failureRows(error);
  const wanted = `${operation} must throw keyring-failed when a key fails (several keys: ${SUMMARY[operation] ?? 'nothing'})`;
  if (rows === undefined || rows.length === 0) fail(`${wanted}; it threw ${show(error)}`, error);
  if (!isKeyfoldError(error, 'keyring-failed')) {
    const several = isComposed(bench) || (bench.manifest.wrapsPerKeyring ?? 1) > 1;
    assert(several && isKeyfoldError(error, SUMMARY[operation]), `${wanted}; it threw ${show(error)}`);
  } else {
    assert(
      error.details.operation === operation,
      `details.operation must be ${operation}; it is ${error.details.operation}.`,
    );
  }
  for (const row of rows) checkRow(bench, row);
  const fits = rows.filter((row) => rowFits(row, expected));
  const enough = isComposed(bench) ? fits.length > 0 : fits.length === rows.length;
  if (!enough) fail(`${operation} must say ${describe(expected)}; it said ${rows.map(say).join(', ')}.`, error);
}

/** Whether the rows of an error may be of several keyrings. */
function isComposed({ plan, manifest }: Bench): boolean {
  return plan.composition !== undefined || manifest.composed === true;
}

/** No key material in anything that can be reached from an error, no value of a context in a message. */
export function checkNothingLeaks(bench: Bench, error: unknown): void {
  const secret = findSecret(error, bench.secrets);
  if (secret !== undefined) fail(`An error must not hold key material; ${secret} does.`);
  const messages = [
    error instanceof Error ? error.message : '',
    ...(failureRows(error) ?? []).map((row) => Object.values(row)),
  ];
  const value = findText(messages, bench.contextValues);
  if (value !== undefined) fail('An error’s message must not hold a value of the encryption context.', error);
}

function checkRow(bench: Bench, row: FailureRow): void {
  const { provider, keyring, keyId, reason, retryable, remedy, message } = row;
  assert(Object.hasOwn(REASONS, reason), `details.reason must be one of the contract’s; it is ${show(reason)}.`);
  assert(typeof retryable === 'boolean', `details.retryable must be true or false; it is ${show(retryable)}.`);
  const isSentence = typeof remedy === 'string' && /\S.*[.!?]\s*$/s.test(remedy);
  assert(isSentence, `details.remedy must be a sentence that says what to do; it is ${show(remedy)}.`);
  assert(typeof keyId === 'string' && keyId !== '', 'details.keyId must name the key that failed.');
  assert(!/\n\s+at .+:\d+/.test(message), 'The message must not hold a stack trace.');
  if (isComposed(bench)) return;
  assert(provider === bench.keyring.provider, `details.provider must be the keyring’s; it is ${show(provider)}.`);
  const { keyring: tested, twin, stranger, offline, alias } = bench.fixture;
  const names = [tested, twin, stranger, offline, alias?.keyring].map((one) => one?.name);
  assert(names.includes(keyring), `details.keyring must be the keyring’s name; it is ${show(keyring)}.`);
}

function rowFits(row: FailureRow, { reasons, retryable, remedy }: ExpectedFailure): boolean {
  return (
    (reasons === undefined || reasons.includes(row.reason)) &&
    (retryable === undefined || retryable === row.retryable) &&
    (remedy === undefined || remedy.test(row.remedy))
  );
}

function describe({ reasons, retryable, remedy }: ExpectedFailure): string {
  const parts = [
    reasons && `reason ${reasons.join(' or ')}`,
    retryable !== undefined && `retryable ${String(retryable)}`,
    remedy && `a remedy like ${String(remedy)}`,
  ];
  return parts.filter((part) => typeof part === 'string').join(', ');
}

function say({ reason, retryable, remedy }: FailureRow): string {
  return `reason ${reason}, retryable ${String(retryable)}, remedy ${show(remedy)}`;
}
