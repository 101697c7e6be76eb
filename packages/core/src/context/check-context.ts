import { KeyfoldError } from '../errors/keyfold-error.js';
import type { ContextEntry } from '../format/context-entries.js';

/** What a caller says about the context of an envelope that is to be opened. */
export type ExpectedContext = ReadonlyMap<string, string> | 'unchecked';

/**
 * Step 2 of opening (specification, "Opening"): checks what the caller supplied against the header's entries, and gives
 * all the pairs in the header's order, external values filled in.
 *
 * Throws `context-mismatch`, `external-context-missing`, `context-required`. No KMS is called before this passed.
 */
export function checkContext(
  entries: readonly ContextEntry[],
  expected: ExpectedContext,
): ReadonlyMap<string, string> {
  const supplied = expected === 'unchecked' ? new Map<string, string>() : expected;
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const wrong = [...supplied].filter(([key, value]) => !agrees(byKey.get(key), value)).map(([key]) => key);
  if (wrong.length > 0) {
    throw new KeyfoldError(
      'context-mismatch',
      `The envelope was not written for this context: ${list(wrong)} ${wrong.length > 1 ? 'are' : 'is'} missing there or ` +
        'has another value. Check that this is the envelope you meant, and what context it was written with.',
      { keys: wrong },
    );
  }
  const missing = entries.filter(({ key, kind }) => kind === 'external' && !supplied.has(key)).map(({ key }) => key);
  if (missing.length > 0) {
    throw new KeyfoldError(
      'external-context-missing',
      `The envelope does not store the value of ${list(missing)}: pass ${missing.length > 1 ? 'them' : 'it'} in context.`,
      { keys: missing },
    );
  }
  if (entries.length > 0 && supplied.size === 0 && expected !== 'unchecked') {
    const keys = entries.map(({ key }) => key);
    throw new KeyfoldError(
      'context-required',
      `The envelope has a context (${list(keys)}): pass the values that you expect in context, or ` +
        `context: 'unchecked' if any will do.`,
      { keys },
    );
  }
  return new Map(entries.map(({ key, kind, value }) => [key, kind === 'external' ? (supplied.get(key) ?? '') : value]));
}

function agrees(entry: ContextEntry | undefined, value: string): boolean {
  return entry !== undefined && (entry.kind === 'external' || entry.value === value);
}

function list(keys: readonly string[]): string {
  return keys.map((key) => JSON.stringify(key)).join(', ');
}
