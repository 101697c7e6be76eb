// From the packed package: any two of three open, one does not, and the error says how far it came.
import assert from 'node:assert/strict';
import { decrypt, encrypt, inspect, isKeyfoldError } from '@keyfold/core';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import { quorumKeyring } from '@keyfold/quorum';

const [alice, bob, carol, stranger] = ['alice', 'bob', 'carol', 'stranger'].map((name) => rawAesKeyring({ name, key: generateAesKey() }));
assert(alice && bob && carol && stranger);
/** @param {import('@keyfold/core').Keyring[]} shares */
const board = (...shares) => quorumKeyring({ name: 'board', threshold: 2, shares });

const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring: board(alice, bob, carol) });
assert.equal(inspect(envelope).wrappedKeys[0]?.quorum?.shares.length, 3);
for (const two of [board(alice, bob), board(carol, alice), board(bob, carol)]) {
  assert.equal(new TextDecoder().decode(await decrypt(envelope, { keyring: two })), 'hello');
}
await assert.rejects(decrypt(envelope, { keyring: board(alice, stranger) }), (error) => {
  assert(isKeyfoldError(error, 'unwrap-failed'));
  assert.match(error.message, /1 of 3 shares came back, 2 are needed/);
  return true;
});
