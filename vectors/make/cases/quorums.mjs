// Quorums whose keys are at hand: what opens by way of them, and what must not.
import { embedded, external } from '../entries.mjs';
import { message } from '../message.mjs';
import { aes, quorum, rsa, wrongly } from '../wraps.mjs';

/** @typedef {import('../wraps.mjs').Wrap} Wrap */
/** @typedef {import('../collection.mjs').ReaderQuorum} ReaderQuorum */

/** @type {(x: number, ...wraps: Wrap[]) => { x: number, wraps: Wrap[] }} */
const share = (x, ...wraps) => ({ x, wraps });

const [one, two, three] = [share(1, aes('share-1')), share(2, aes('share-2')), share(3, aes('share-3'))];
/** @type {(threshold: number, ...keks: string[]) => ReaderQuorum} */
const board = (threshold, ...keks) => ({ key_id: 'board', threshold, keks });

/** @param {import('../collection.mjs').Collection} collection */
export function quorums(collection) {
  opening(collection);
  /** @type {(error: 'unwrap-failed' | 'no-matching-key', how: string, about: string, wrap: Wrap, ...readers: ReaderQuorum[]) => void} */
  const fails = (error, how, about, wrap, ...readers) => {
    const made = message(`quorum--${how}`, { context: [embedded('tenant', 'acme')], wraps: [wrap] });
    collection.fails(`quorum--${how}`, about, made, { envelope: made.envelope }, { error }, { onlyKeks: true, keks: [], quorums: readers });
  };
  const twoOfThree = quorum('board', { threshold: 2, shares: [one, two, three] });
  fails('unwrap-failed', 'too-few', 'One share of the two that are needed.', twoOfThree, board(2, 'share-1', 'other'));
  fails('unwrap-failed', 'wrong-share', 'Two shares, one of which is of no polynomial.',
    quorum('board', { threshold: 2, shares: [one, share(2, wrongly(aes('share-2'))), three] }), board(2, 'share-1', 'share-2'));
  fails('unwrap-failed', 'short-share', 'A share of 31 bytes.',
    quorum('board', { threshold: 2, shares: [one, share(2, wrongly(rsa('rsa-2048'), 31))] }), board(2, 'share-1', 'rsa-2048'));
  fails('unwrap-failed', 'renumbered', 'The right shares under other numbers.', (subject) => {
    const { wrappedKey, quorum: made } = twoOfThree(subject);
    const ciphertext = Buffer.from(wrappedKey.ciphertext ?? []);
    // The numbers stand where the shares begin, which are alike long.
    const length = (ciphertext.length - 2) / 3;
    [ciphertext[2], ciphertext[2 + length], ciphertext[2 + 2 * length]] = [4, 5, 6];
    return { wrappedKey: { ...wrappedKey, ciphertext }, ...(made && { quorum: made }) };
  }, board(2, 'share-1', 'share-2'), board(2, 'share-1', 'share-2', 'share-3'));
  fails('no-matching-key', 'other-name', 'A policy of another name, over the same keys.', twoOfThree,
    { ...board(2, 'share-1', 'share-2', 'share-3'), key_id: 'auditors' });
  fails('no-matching-key', 'other-threshold', 'A reader whose policy needs another number of shares.', twoOfThree,
    board(3, 'share-1', 'share-2', 'share-3'));
  fails('no-matching-key', 'lowered-threshold', 'Three shares are needed, and the bytes say two.',
    quorum('board', { threshold: 3, shares: [one, two, three], claimedThreshold: 2 }), board(3, 'share-1', 'share-2', 'share-3'));
}

/** @param {import('../collection.mjs').Collection} collection */
function opening(collection) {
  const context = [external('row', '42'), embedded('tenant', 'acme')];
  collection.opens('quorum-context', 'Shares are wrapped with the context of the message.',
    message('quorum-context', { context, wraps: [quorum('board', { threshold: 2, shares: [one, two, three] })] }));
  const opensFor = (/** @type {string} */ name, /** @type {string} */ about, /** @type {Wrap} */ wrap, /** @type {ReaderQuorum[]} */ ...readers) => {
    const made = message(name, { wraps: [wrap] });
    collection.opens(name, about, made, { envelope: made.envelope }, { quorums: readers });
  };
  opensFor('quorum-wrong-share', 'A wrong share does not stop those who have enough others.',
    quorum('board', { threshold: 2, shares: [one, share(2, wrongly(aes('share-2'))), three] }),
    board(2, 'share-1', 'share-3'), board(2, 'share-1', 'share-2', 'share-3'));
  opensFor('quorum-wrong-key', 'A share under two keys, of which one gives wrong bytes.',
    quorum('board', { threshold: 2, shares: [share(1, wrongly(aes('other')), aes('share-1')), two] }),
    board(2, 'other', 'share-1', 'share-2'), board(2, 'share-1', 'share-2'));
}
