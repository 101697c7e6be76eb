import { describe, expect, it } from 'vitest';
import { abortError, keyringError, notAccepted, unwrapEach } from '../../src/keyring/index.js';
import type { UnwrapRequest, WrappedKey } from '../../src/keyring/index.js';
import { encryptionContext } from '../../src/keyring/index.js';
import { isZero, patterned } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';

const keyring = { provider: 'test', name: 'kr' };
const right = patterned(32, 1);
const context = await encryptionContext({ a: 'b' });

const wrappedKey = (keyId: string, provider = 'test'): WrappedKey => ({
  provider, keyId, keyVersion: '', algorithm: 'A', ciphertext: Uint8Array.of(1),
});

function request(keyIds: readonly (string | WrappedKey)[], signal = new AbortController().signal): UnwrapRequest {
  return {
    wrappedKeys: keyIds.map((key) => (typeof key === 'string' ? wrappedKey(key) : key)),
    context,
    accepts: async (material) => await Promise.resolve(material.every((byte, i) => byte === right[i])),
    signal,
  };
}

const failing = (keyId: string): Error =>
  keyringError({ ...keyring, keyring: 'kr', keyId, operation: 'unwrap', reason: 'unavailable', retryable: true, remedy: 'Wait.' }, 'It is down.');

describe('unwrapEach', () => {
  it('gives null when no wrapped key is of this keyring, and looks at none of another provider', async () => {
    const seen: string[] = [];
    const match = (key: WrappedKey): undefined => void seen.push(key.keyId);
    expect(await unwrapEach(keyring, request([]), match)).toBeNull();
    expect(await unwrapEach(keyring, request([wrappedKey('x', 'other'), 'a', 'b']), match)).toBeNull();
    expect(seen).toEqual(['a', 'b']);
  });

  it('gives what was accepted, and the wrapped key that it came from', async () => {
    const keyMaterial = right.slice();
    const result = await unwrapEach(keyring, request(['a', 'b']), ({ keyId }) => (keyId === 'b' ? async () => await Promise.resolve(keyMaterial) : undefined));
    expect(result?.keyMaterial).toBe(keyMaterial);
    expect(result?.wrappedKey.keyId).toBe('b');
    expect(isZero(keyMaterial)).toBe(false);
  });

  it('goes on when one fails or is not accepted, wipes that, and calls nothing after a success', async () => {
    const wrong = patterned(32, 2);
    const called: string[] = [];
    const answers: Record<string, () => Promise<Uint8Array>> = {
      a: async () => await Promise.reject(failing('a')),
      b: async () => await Promise.resolve(wrong),
      c: async () => await Promise.resolve(right.slice()),
      d: async () => await Promise.resolve(right.slice()),
    };
    const result = await unwrapEach(keyring, request(['a', 'b', 'c', 'd']), ({ keyId }) => async () => {
      called.push(keyId);
      return await (answers[keyId] as () => Promise<Uint8Array>)();
    });
    expect(result?.wrappedKey.keyId).toBe('c');
    expect(called).toEqual(['a', 'b', 'c']);
    expect(isZero(wrong)).toBe(true);
  });

  it('throws the one failure as it is', async () => {
    const error = failing('a');
    expect(await thrownBy(unwrapEach(keyring, request(['a']), () => async () => await Promise.reject(error)))).toBe(error);
    const refused = await failure(unwrapEach(keyring, request(['a']), () => async () => await Promise.resolve(patterned(32, 2))), 'keyring-failed');
    expect(refused.message).toBe(notAccepted(keyring, 'a').message);
    expect(refused.details).toMatchObject({ provider: 'test', keyring: 'kr', keyId: 'a', operation: 'unwrap', reason: 'integrity', retryable: false });
  });

  it('throws several failures as a table', async () => {
    const odd = new Error('odd');
    const answers: Record<string, () => Promise<Uint8Array>> = {
      a: async () => await Promise.reject(failing('a')),
      b: async () => await Promise.resolve(patterned(32, 2)),
      c: async () => await Promise.reject(odd),
    };
    const error = await failure(
      unwrapEach(keyring, request(['a', 'b', 'c']), ({ keyId }) => answers[keyId] as () => Promise<Uint8Array>),
      'unwrap-failed',
    );
    expect(error.details.attempts.map(({ keyId, reason, outcome }) => [keyId, reason, outcome])).toEqual([
      ['a', 'unavailable', 'failed'],
      ['b', 'integrity', 'failed'],
      ['kr', 'unknown', 'failed'],
    ]);
    for (const part of ['test a: unavailable', 'Wait.', 'test b: integrity', 'test kr: unknown']) expect(error.message).toContain(part);
    expect(error.cause).toMatchObject({ details: { keyId: 'a' } });
  });

  it('stops at an abort', async () => {
    const controller = new AbortController();
    const called: string[] = [];
    const aborting = unwrapEach(keyring, request(['a', 'b'], controller.signal), ({ keyId }) => async () => {
      called.push(keyId);
      controller.abort();
      return await Promise.reject(new Error('its SDK noticed'));
    });
    await failure(aborting, 'aborted');
    expect(called).toEqual(['a']);
    const thrown = abortError(AbortSignal.abort());
    const passing = unwrapEach(keyring, request(['a', 'b']), ({ keyId }) => async () => {
      called.push(keyId);
      return await Promise.reject(thrown);
    });
    expect(await thrownBy(passing)).toBe(thrown);
    expect(called).toEqual(['a', 'a']);
  });

  it('wipes key material when the engine cannot judge it', async () => {
    const keyMaterial = right.slice();
    const broken = { ...request(['a']), accepts: async () => await Promise.reject(new Error('engine')) };
    await thrownBy(unwrapEach(keyring, broken, () => async () => await Promise.resolve(keyMaterial)));
    expect(isZero(keyMaterial)).toBe(true);
  });
});
