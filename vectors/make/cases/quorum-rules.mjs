// Every rule that a quorum can break.
import { aes, foreign, pending, quorum } from '../wraps.mjs';
import { breaking } from './rules.mjs';

/** @typedef {import('../wraps.mjs').QuorumPlan} Plan */
/** @typedef {import('../wraps.mjs').Wrap} Wrap */

/** @type {(x: number, ...wraps: Wrap[]) => Plan['shares'][number]} */
const share = (x, ...wraps) => ({ x, wraps });

const one = share(1, aes('share-1'));
const two = share(2, aes('share-2'));

/** @param {import('../collection.mjs').Collection} collection */
export function quorumRules(collection) {
  const breaks = breaking(collection);
  /** @type {(rule: string, how: string, about: string, plan: Partial<Plan>, ...beside: Wrap[]) => void} */
  const with_ = (rule, how, about, plan, ...beside) => {
    const board = quorum('board', { threshold: 2, shares: [one, two], ...plan });
    breaks(rule, how, about, { wraps: [board, ...beside, aes('vectors')] });
  };
  with_('quorum-fields', '', 'A key version.', { changes: { keyVersion: '1' } });
  with_('quorum-fields', 'algorithm', 'Another algorithm.', { changes: { algorithm: 'SHAMIR-GF65536' } });
  with_('quorum-threshold', '', 'One share is enough.', { claimedThreshold: 1 });
  with_('quorum-threshold', 'zero', 'No share is needed.', { claimedThreshold: 0 });
  with_('quorum-threshold', 'above', 'Three shares are needed, and there are two.', { claimedThreshold: 3 });
  with_('quorum-threshold', 'shares', '17 shares.', {
    shares: Array.from({ length: 17 }, (_, i) => share(i + 1, foreign('example', `key-${i}`))),
  });
  with_('quorum-share-index', '', 'A share at x = 0, which is the data key itself.', { shares: [share(0, aes('share-1')), two] });
  with_('quorum-share-index', 'repeated', 'Two shares of one number.', { shares: [one, share(1, aes('share-2'))] });
  with_('quorum-share-index', 'descending', 'Numbers in descending order.', { shares: [two, one] });
  with_('quorum-share-empty', '', 'A share without a wrapped key.', { shares: [one, two, share(3)] });
  with_('quorum-pending', '', 'A share under a pending key.', { shares: [one, two, share(3, pending('example', 'key'))] });
  with_('quorum-pending', 'beside', 'A pending key beside one that is not.', {
    shares: [one, share(2, aes('share-2'), pending('example', 'key'))],
  });
  const nested = quorum('inner', { threshold: 2, shares: [share(1, aes('share-3')), share(2, aes('other'))] });
  with_('quorum-nested', '', 'A quorum in a quorum.', { shares: [one, two, share(3, nested)] });
  with_('quorum-overrun', '', 'The ciphertext ends in the middle of a share.', {
    changes: { ciphertext: quorumCutShort() },
  });
  with_('quorum-overrun', 'one-byte', 'The ciphertext is one byte.', { changes: { ciphertext: Buffer.of(2) } });
  with_('quorum-trailing-bytes', '', 'A byte behind the last share.', { trailing: Buffer.alloc(1) });

  with_('wrapped-key-order', 'share', 'The wrapped keys of a share in descending order.', {
    unsorted: true,
    shares: [one, share(2, aes('share-2'), foreign('example', 'key'))],
  });
  with_('wrapped-key-duplicate', 'share', 'A share under one key twice.', {
    shares: [one, share(2, aes('share-2'), aes('share-2'))],
  });
  with_('wrapped-key-duplicate', 'shares', 'Two shares under one key.', { shares: [one, share(2, aes('share-1'))] });
  with_('wrapped-key-duplicate', 'leaf', 'A share under a key that wraps the data key too.', {
    shares: [one, share(2, aes('vectors'))],
  });
  with_('wrapped-key-duplicate', 'quorums', 'Two quorums with a key in common.', {},
    quorum('zoo', { threshold: 2, shares: [share(1, aes('share-1')), share(2, aes('share-3'))] }));
  with_('wrapped-count', 'leaves', 'With the leaves of its quorum, 33 wrapped keys.', {
    shares: Array.from({ length: 16 }, (_, i) =>
      share(i + 1, foreign('example', `a-${i}`), ...(i < 15 ? [foreign('example', `b-${i}`)] : []))),
  });
  with_('provider-charset', 'leaf', 'The rules of wrapped keys hold in shares.', {
    shares: [one, two, share(3, foreign('Example', 'key'))],
  });
  with_('algorithm-empty', 'leaf', 'The same for a missing algorithm.', {
    shares: [one, two, share(3, foreign('example', 'key', '', ''))],
  });
}

/** Two shares announced; the second one’s wrapped key is not all there. */
function quorumCutShort() {
  const subject = { vector: 'quorum-overrun', dataKey: Buffer.alloc(32), contextDigest: Buffer.alloc(32) };
  const { wrappedKey } = quorum('board', { threshold: 2, shares: [one, two] })(subject);
  return Buffer.from(wrappedKey.ciphertext ?? []).subarray(0, -1);
}
