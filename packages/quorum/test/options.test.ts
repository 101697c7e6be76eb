import { multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import type { QuorumKeyringOptions } from '../src/index.js';
import { member } from './support/member.js';

const keyrings = (count: number, prefix = 'm'): Keyring[] => Array.from({ length: count }, (_, i) => member(`${prefix}${i}`).keyring);
const [a, b] = [member('a').keyring, member('b').keyring];
const good: QuorumKeyringOptions = { name: 'board', threshold: 2, shares: [a, b] };
const inner = quorumKeyring({ name: 'inner', threshold: 2, shares: keyrings(2) });
const wide = (name: string): Keyring => multiKeyring({ members: keyrings(8, name) });

describe('what makes no quorum is refused at the call', () => {
  it.each<[string, unknown, string, string]>([
    ['nothing', undefined, 'options', 'pass an object'],
    ['no name', { ...good, name: undefined }, 'options.name', '1 to 255'],
    ['an empty name', { ...good, name: '' }, 'options.name', '1 to 255'],
    ['a name with a space', { ...good, name: 'the board' }, 'options.name', 'without spaces'],
    ['a long name', { ...good, name: 'n'.repeat(256) }, 'options.name', '1 to 255'],
    ['a threshold of 1', { ...good, threshold: 1 }, 'options.threshold', 'multiKeyring'],
    ['a threshold above the shares', { ...good, threshold: 3 }, 'options.threshold', 'from 2 to 2'],
    ['a broken threshold', { ...good, threshold: 1.5 }, 'options.threshold', 'integer'],
    ['a threshold as text', { ...good, threshold: '2' }, 'options.threshold', 'integer'],
    ['no shares', { ...good, shares: undefined }, 'options.shares', 'array'],
    ['one share', { ...good, shares: [a] }, 'options.shares', '2 to 16'],
    ['17 shares', { ...good, shares: keyrings(17) }, 'options.shares', '2 to 16'],
    ['something that is no keyring', { ...good, shares: [a, {}] }, 'options.shares[1]', 'pass a keyring'],
    ['a quorum in it', { ...good, shares: [a, inner] }, 'options.shares[1]', 'cannot hold a quorum'],
    ['a quorum in a multi-keyring in it', { ...good, shares: [multiKeyring({ members: [b, inner] }), a] }, 'options.shares[0]', 'cannot hold a quorum'],
    ['one key for two shares', { ...good, shares: [a, multiKeyring({ members: [b, a] })] }, 'options.shares[1]', 'would have both shares'],
    ['one key twice in a share', { ...good, shares: [b, multiKeyring({ members: [a, a] })] }, 'options.shares[1]', 'stands in it twice'],
    ['more keys than an envelope holds', { ...good, shares: [wide('w'), wide('x'), wide('y'), wide('z')] }, 'options.shares', 'room for 31'],
    ['a deadline in the past', { ...good, deadline: -1 }, 'options.deadline', 'milliseconds'],
    ['a deadline that no timer holds', { ...good, deadline: 2 ** 31 }, 'options.deadline', 'milliseconds'],
  ])('%s', async (_, options, argument, says) => {
    const error = await failure(() => quorumKeyring(options as QuorumKeyringOptions), 'invalid-argument');
    expect(error.details.argument).toBe(argument);
    expect(error.message).toContain(says);
  });
});

it('names itself, and nothing of what is inside, as its KEK', () => {
  expect(quorumKeyring(good)).toMatchObject({
    specificationVersion: 'keyring-v1',
    provider: 'quorum',
    name: 'board',
    keks: [{ provider: 'quorum', keyId: 'board' }],
  });
});

it('takes 16 shares, and 31 keys', () => {
  const shares = [...keyrings(15).map((one, i) => multiKeyring({ members: [one, member(`second-${i}`).keyring] })), a];
  expect(quorumKeyring({ name: 'board', threshold: 16, shares }).provider).toBe('quorum');
});

it('is not changed by what its maker does with the array afterwards', () => {
  const shares = [a, b];
  const keyring = quorumKeyring({ name: 'board', threshold: 2, shares });
  shares.length = 0;
  expect(keyring.keks).toHaveLength(1);
});
