import type { Begun } from './checkpoint.js';
import type { FileKeyChange, FileOutcome } from './file-outcome.js';
import type { NamedKey } from './key-pattern.js';

/**
 * The outcome of a file with which an earlier run began and did not live to tell. If that run had rewrapped it, this one
 * found nothing to do; what the two did together is told by how the file was before both.
 */
export function toRewrappedBefore(outcome: FileOutcome, before: Begun | undefined): FileOutcome {
  if (before === undefined || outcome.revision === undefined || outcome.status !== 'unchanged') return outcome;
  if (outcome.revision <= before.revision) return outcome;
  const now = outcome.changes.map((change) => compare(change, before.keys));
  const gone = before.keys.filter((key) => !outcome.changes.some((change) => isSameKek(change, key)));
  const removed = gone.map((key): FileKeyChange => ({ ...key, change: 'removed', proven: false }));
  return { ...outcome, status: 'rewrapped', changes: [...now, ...removed] };
}

function compare(change: FileKeyChange, before: readonly NamedKey[]): FileKeyChange {
  const previous = before.find((key) => isSameKek(key, change));
  if (previous === undefined) return { ...change, change: 'added' };
  if (previous.keyVersion === change.keyVersion) return change;
  return { ...change, change: 'replaced', previousVersion: previous.keyVersion };
}

function isSameKek(a: NamedKey, b: NamedKey): boolean {
  return a.provider === b.provider && a.keyId === b.keyId;
}
