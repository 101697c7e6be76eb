import { assertKeyring, assertMilliseconds, assertOptions, invalidArgument, MAX_QUORUM_SHARES, QUORUM_PROVIDER } from '@keyfold/core/keyring';
import type { Keyring } from '@keyfold/core/keyring';

/** What a quorum is made of. */
export interface QuorumKeyringOptions {
  /**
   * What envelopes call the policy: 1 to 255 printable ASCII characters without spaces. Give a name to one policy, and
   * never to another.
   */
  readonly name: string;
  /** How many shares open an envelope: 2 to the number of shares. Another number is another policy, with a name of its own. */
  readonly threshold: number;
  /**
   * The keyrings that each wrap one share: 2 to 16, with 31 KEKs together at most, none of which serves two shares. A
   * multi-keyring, any of whose keys gives the share, may be among them; a quorum may not. A recovery needs only as many
   * of those that wrote as the threshold says.
   */
  readonly shares: readonly Keyring[];
  /** How long one wrap, unwrap or check may take in all, in ms. Default 30,000. */
  readonly deadline?: number;
}

/** `QuorumKeyringOptions`, checked, defaults filled in. */
export interface Settings {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly Keyring[];
  readonly deadline: number;
}

const MAX_NAME_LENGTH = 255;
/** 32 wrapped keys of a header, less the quorum itself (specification, "Limits"). */
const MAX_LEAVES = 31;
const DEFAULT_DEADLINE = 30_000;

/** Throws `invalid-argument`. */
export function readOptions(options: QuorumKeyringOptions): Settings {
  assertOptions(options, "quorumKeyring({ name: 'board', threshold: 2, shares: [a, b, c] })");
  const { name, threshold, shares, deadline = DEFAULT_DEADLINE } = options;
  if (typeof (name as unknown) !== 'string' || name.length > MAX_NAME_LENGTH || !/^[!-~]+$/.test(name)) {
    throw invalidArgument(
      'options.name',
      `pass the name of the policy: 1 to ${MAX_NAME_LENGTH} printable ASCII characters without spaces, such as "board".`,
    );
  }
  const members = readMembers(shares);
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > members.length) {
    const otherwise = 'for any one of several keys, use multiKeyring of @keyfold/core';
    throw invalidArgument('options.threshold', `pass an integer from 2 to ${members.length}, the number of shares; ${otherwise}.`);
  }
  return { name, threshold, members, deadline: assertMilliseconds(deadline, 'options.deadline') };
}

function readMembers(shares: readonly Keyring[]): readonly Keyring[] {
  if (!Array.isArray(shares) || shares.length < 2 || shares.length > MAX_QUORUM_SHARES) {
    throw invalidArgument('options.shares', `pass an array of keyrings, one for each share: 2 to ${MAX_QUORUM_SHARES}.`);
  }
  const members: readonly Keyring[] = [...(shares as readonly Keyring[])];
  /** Which share each KEK is of. */
  const seen = new Map<string, number>();
  let leaves = 0;
  for (const [i, member] of members.entries()) {
    const argument = `options.shares[${i}]`;
    assertKeyring(member, argument);
    for (const { provider, keyId } of [member, ...member.keks].map((one) => ({ keyId: '', ...one }))) {
      if (provider === QUORUM_PROVIDER) throw invalidArgument(argument, 'a quorum cannot hold a quorum; give its members here instead.');
      if (keyId === '') continue;
      const other = seen.get(`${provider} ${keyId}`);
      if (other !== undefined) {
        const both = other === i ? 'stands in it twice' : `is the one of options.shares[${other}] too: who holds it would have both shares`;
        throw invalidArgument(argument, `the key ${keyId} ${both}; give every share keys of its own.`);
      }
      seen.set(`${provider} ${keyId}`, i);
      leaves++;
    }
  }
  if (leaves <= MAX_LEAVES) return members;
  throw invalidArgument('options.shares', `an envelope has room for ${MAX_LEAVES} keys of a quorum, these keyrings have ${leaves}.`);
}
