/** Which sets of members open an envelope: all of k and more, and none of fewer. */
import { decrypt, encrypt } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { member } from './support/member.js';
import type { Member } from './support/member.js';

const plaintext = new TextEncoder().encode('the only copy');
const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin'];

/** How many sets of members there are that open, out of 2^n: the sum of n over i for i from k to n. */
const SETS: readonly (readonly [k: number, n: number, opening: number])[] = [
  [2, 2, 1],
  [2, 3, 4],
  [3, 3, 1],
  [2, 4, 11],
  [3, 4, 5],
  [4, 4, 1],
  [2, 5, 26],
  [3, 5, 16],
  [4, 5, 6],
  [5, 5, 1],
];

function* setsOf(members: readonly Member[]): Generator<Member[]> {
  for (let bits = 0; bits < 2 ** members.length; bits++) yield members.filter((_, i) => (bits >> i) & 1);
}

describe.each(SETS)('a quorum of %i out of %i', (threshold, n, opening) => {
  it(`opens with ${opening} of the ${2 ** n} sets of members, those of ${threshold} and more`, async () => {
    const members = NAMES.slice(0, n).map((name) => member(name));
    const keyring = quorumKeyring({ name: 'board', threshold, shares: members.map((one) => one.keyring) });
    const envelope = await encrypt(plaintext, { keyring });
    let opened = 0;
    for (const present of setsOf(members)) {
      for (const one of members) one.mode = present.includes(one) ? 'works' : 'fails';
      if (present.length >= threshold) {
        expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
        opened++;
      } else {
        const error = await failure(decrypt(envelope, { keyring }), 'unwrap-failed');
        expect(error.message).toContain(`${present.length} of ${n} shares came back, ${threshold} are needed.`);
      }
    }
    expect(opened).toBe(opening);
  });

  it('opens with every set of that many keyrings, in any order, where the others are not even configured', async () => {
    const members = NAMES.slice(0, n).map((name) => member(name));
    const envelope = await encrypt(plaintext, {
      keyring: quorumKeyring({ name: 'board', threshold, shares: members.map((one) => one.keyring) }),
    });
    for (const present of setsOf(members)) {
      if (present.length !== threshold) continue;
      for (const shares of [present, present.toReversed()].map((some) => some.map((one) => one.keyring))) {
        expect(await decrypt(envelope, { keyring: quorumKeyring({ name: 'board', threshold, shares }) })).toEqual(plaintext);
      }
    }
  });
});
