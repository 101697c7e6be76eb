/** Members that do not keep to the contract: none spoils what the others do. */
import { decrypt, encrypt } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { member } from './support/member.js';

const plaintext = new TextEncoder().encode('the only copy');
const context = { tenant: 'acme' };
const quorum = (...shares: readonly Keyring[]): Keyring => quorumKeyring({ name: 'board', threshold: 2, shares });

describe('a member that wipes the context it is handed', () => {
  const spoiling = (keyring: Keyring): Keyring => ({
    ...keyring,
    async wrap(request) {
      const result = await keyring.wrap(request);
      request.context.digest.fill(0);
      return result;
    },
    async unwrap(request) {
      request.context.digest.fill(0);
      return await keyring.unwrap(request);
    },
  });
  /** Wraps later than the others: by then they have done what they do. */
  const late = (keyring: Keyring): Keyring => ({
    ...keyring,
    async wrap(request) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return await keyring.wrap(request);
    },
    async unwrap(request) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return await keyring.unwrap(request);
    },
  });
  const [a, b, c] = [member('a').keyring, member('b').keyring, member('c').keyring];

  it('spoils nothing that the others wrap', async () => {
    const envelope = await encrypt(plaintext, { keyring: quorum(spoiling(a), late(b), late(c)), context });
    expect(await decrypt(envelope, { keyring: quorum(b, c), context })).toEqual(plaintext);
  });

  it('spoils nothing that the others unwrap', async () => {
    const envelope = await encrypt(plaintext, { keyring: quorum(a, b, c), context });
    expect(await decrypt(envelope, { keyring: quorum(spoiling(a), late(b), late(c)), context })).toEqual(plaintext);
  });
});

describe('a member that answers without a wrapped key', () => {
  it.each([
    ['an empty list', { wrappedKeys: [] }],
    ['nothing', undefined],
  ])('%s, fails the write by its name', async (_, answer) => {
    const empty: Keyring = { ...member('b').keyring, wrap: async () => await Promise.resolve(answer as never) };
    const { details } = await failure(encrypt(plaintext, { keyring: quorum(member('a').keyring, empty) }), 'wrap-failed');
    expect(details.attempts).toMatchObject([{ keyring: 'b', outcome: 'failed', reason: 'unknown', message: expect.stringMatching(/no wrapped key/) as unknown }]);
  });
});
