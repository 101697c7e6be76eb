import { invalidArgument } from '@keyfold/core/keyring';
import { ARN_START, isKeyId, parseKeyArn } from './key-arn.js';
import type { KeyArn, KeyPlace } from './key-arn.js';

/** A key as its owner names it. `text` is as it was written. */
export type KeyName =
  | { readonly kind: 'arn'; readonly text: string; readonly arn: KeyArn }
  /** A key id: of the caller's account, in the client's Region. */
  | { readonly kind: 'id'; readonly text: string }
  /** An alias; `place` is what an alias ARN says of it. */
  | { readonly kind: 'alias'; readonly text: string; readonly place?: KeyPlace };

/** Characters of an alias (CreateAlias in the AWS KMS API Reference), at most 256 with the prefix. */
const ALIAS = 'alias/[a-zA-Z0-9/_-]{1,250}';
const WHOLE_ALIAS = new RegExp(`^${ALIAS}$`);
const ALIAS_ARN = new RegExp(`^${ARN_START}${ALIAS}$`);

/** Reads the name of a key. Throws `invalid-argument`. */
export function readKeyName(text: unknown, argument: string): KeyName {
  if (typeof text === 'string') {
    const arn = parseKeyArn(text);
    if (arn !== undefined) return { kind: 'arn', text, arn };
    if (isKeyId(text)) return { kind: 'id', text };
    if (WHOLE_ALIAS.test(text)) return { kind: 'alias', text };
    const [, partition, region, account] = ALIAS_ARN.exec(text) ?? [];
    if (partition !== undefined && region !== undefined && account !== undefined) {
      return { kind: 'alias', text, place: { partition, region, account } };
    }
  }
  throw invalidArgument(
    argument,
    'pass a key ARN (arn:aws:kms:eu-west-1:111122223333:key/…), an alias ARN, an alias name (alias/app) or a key id.',
  );
}

/** Reads a key ARN, where nothing else will do. Throws `invalid-argument`. */
export function readKeyArn(text: unknown, argument: string, why: string): KeyArn {
  const arn = typeof text === 'string' ? parseKeyArn(text) : undefined;
  if (arn !== undefined) return arn;
  throw invalidArgument(argument, `pass a key ARN, such as arn:aws:kms:eu-west-1:111122223333:key/…: ${why}`);
}
