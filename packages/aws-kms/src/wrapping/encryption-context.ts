import type { EncryptionContext } from '@keyfold/core/keyring';

/** Marks every request of ours, so that IAM policies and CloudTrail can tell it from those of other applications. */
const FORMAT_MARK = ['keyfold:format', '1'] as const;

/** What AWS KMS binds to a wrapped key: the caller's pairs unchanged, and our mark, whose prefix no caller can use. */
export function kmsContext(context?: EncryptionContext): Record<string, string> {
  // A pair may be called __proto__: fromEntries makes it an own property.
  return Object.fromEntries([...(context?.pairs ?? []), FORMAT_MARK]);
}
