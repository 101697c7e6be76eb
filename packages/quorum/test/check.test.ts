import { multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import type { KeyCheck } from '@keyfold/core/keyring';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { generateRsaKeyPair, rawRsaKeyring } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { member } from './support/member.js';

type Answer = KeyCheck['permitted']['wrap'];

/** A member whose check says this of its keys, or does not answer. */
function says(name: string, ...answers: readonly { readonly wrap?: Answer; readonly unwrap?: Answer; readonly wrong?: boolean }[]): Keyring {
  const { keyring } = member(name);
  const items = answers.map(({ wrap = 'yes', unwrap = 'yes', wrong = false }, i): KeyCheck => ({
    provider: keyring.provider,
    keyId: `${name}${i}`,
    keyVersion: '',
    reachable: !wrong,
    state: wrong ? 'unknown' : 'enabled',
    permitted: { wrap, unwrap, generate: 'no' },
    ...(wrong ? { problem: { reason: 'unavailable', remedy: 'Wait.' } as const } : {}),
  }));
  return { ...keyring, check: async () => await Promise.resolve(items) };
}

async function check(shares: readonly Keyring[], options: { readonly deadline?: number } = {}): Promise<readonly KeyCheck[]> {
  return (await quorumKeyring({ name: 'board', threshold: 2, shares, ...options }).check?.({ signal: new AbortController().signal })) ?? [];
}

describe('check', () => {
  it('says of the quorum that it works, and then what each member says', async () => {
    const checks = await check([member('a').keyring, multiKeyring({ members: [member('b').keyring, member('c').keyring] })]);
    expect(checks.map(({ provider, keyId }) => `${provider} ${keyId}`)).toEqual(['quorum board', 'local-raw a', 'local-raw b', 'local-raw c']);
    expect(checks[0]).toEqual({
      provider: 'quorum',
      keyId: 'board',
      keyVersion: '',
      reachable: true,
      state: 'enabled',
      permitted: { wrap: 'yes', unwrap: 'yes', generate: 'no' },
    });
  });

  it.each<[string, readonly Keyring[], Answer, Answer]>([
    ['one of three cannot unwrap', [says('a', {}), says('b', {}), says('c', { unwrap: 'no' })], 'yes', 'yes'],
    ['two of three cannot', [says('a', {}), says('b', { unwrap: 'no' }), says('c', { unwrap: 'no' })], 'yes', 'no'],
    ['of one nothing is known', [says('a', {}), says('b', { unwrap: 'unknown' }), says('c', { unwrap: 'no' })], 'yes', 'unknown'],
    ['one cannot wrap', [says('a', {}), says('b', { wrap: 'no' }), says('c', {})], 'no', 'yes'],
    ['a share has another key that can', [says('a', { unwrap: 'no' }, {}), says('b', {})], 'yes', 'yes'],
    ['a share has another key that cannot wrap', [says('a', { wrap: 'no' }, {}), says('b', {})], 'no', 'yes'],
  ])('where %s, wrapping and unwrapping are judged by all shares and by k', async (_, shares, wrap, unwrap) => {
    expect((await check(shares))[0]?.permitted).toEqual({ wrap, unwrap, generate: 'no' });
  });

  it('says what is wrong, and whether the others suffice', async () => {
    const [summary] = await check([says('a', {}), says('b', {}), says('c', { wrap: 'unknown', unwrap: 'unknown', wrong: true })]);
    expect(summary).toMatchObject({
      reachable: true,
      permitted: { wrap: 'unknown', unwrap: 'yes' },
      problem: { reason: 'unavailable', remedy: '2 of 3 shares are known to unwrap, 2 are needed: Wait.' },
    });
  });

  it('knows nothing of a member that has no check', async () => {
    const { specificationVersion, provider, name, keks, ...rest } = member('b').keyring;
    const unchecked: Keyring = {
      specificationVersion,
      provider,
      name,
      keks,
      wrap: async (request) => await rest.wrap(request),
      unwrap: async (request) => await rest.unwrap(request),
    };
    const checks = await check([member('a').keyring, unchecked]);
    expect(checks[0]?.permitted).toEqual({ wrap: 'unknown', unwrap: 'unknown', generate: 'no' });
    expect(checks.map(({ keyId }) => keyId)).toEqual(['board', 'a', 'b']);
  });

  it('says of a public key alone that it cannot unwrap', async () => {
    const { publicKey } = await generateRsaKeyPair({ modulusLength: 2048 });
    const [summary] = await check([member('a').keyring, rawRsaKeyring({ name: 'safe', publicKey })]);
    expect(summary?.permitted).toEqual({ wrap: 'yes', unwrap: 'no', generate: 'no' });
  });

  it('ends at the deadline, with a problem in the place of what is silent', async () => {
    const silent: Keyring = { ...member('b').keyring, check: async () => await new Promise(() => undefined) };
    const checks = await check([member('a').keyring, silent], { deadline: 20 });
    expect(checks.map(({ keyId, problem }) => `${keyId} ${problem?.reason ?? 'fine'}`)).toEqual(['board timeout', 'a fine', 'b timeout']);
  });

  it('does not throw when a member does', async () => {
    const broken: Keyring = { ...member('b').keyring, check: async () => await Promise.reject(new TypeError('broken')) };
    expect((await check([member('a').keyring, broken])).map(({ problem }) => problem?.reason)).toEqual(['unknown', undefined, 'unknown']);
  });

  it('ends when the signal fires', async () => {
    const silent: Keyring = { ...member('b').keyring, check: async () => await new Promise(() => undefined) };
    const controller = new AbortController();
    const keyring = quorumKeyring({ name: 'board', threshold: 2, shares: [member('a').keyring, silent], deadline: 1_000_000 });
    const checking = Promise.resolve(keyring.check?.({ signal: controller.signal }));
    controller.abort();
    await failure(checking, 'aborted');
  });
});
