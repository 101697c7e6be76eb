import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached, rewrap } from '../../src/index.js';
import type { Keyring } from '../../src/index.js';
import { isZero, patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { Gate, idle, never, until } from '../support/gate.js';
import { TestKeyring } from '../support/test-keyring.js';
import { watchUnhandledRejections } from '../support/unhandled.js';
import { altered } from './keyrings.js';

const unhandled = watchUnhandledRejections();
let controller: AbortController;
beforeEach(() => {
  controller = new AbortController();
});
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

const plaintext = patterned(10);
let a: TestKeyring;
let b: TestKeyring;
let header: Uint8Array;
let payload: Uint8Array;
beforeEach(async () => {
  [a, b] = [new TestKeyring({ name: 'a' }), new TestKeyring({ name: 'b' })];
  ({ header, payload } = await encryptDetached(plaintext, { keyring: a }));
});

function allWiped(): void {
  for (const keyring of [a, b]) {
    expect(keyring.secrets.some(isZero)).toBe(false);
    expect(keyring.keyMaterial.map(isZero)).toEqual(keyring.keyMaterial.map(() => true));
  }
}

describe('the data key is wiped', () => {
  it('after a rewrap', async () => {
    await rewrap(header, { keyring: a, wrapWith: b });
    // Wrapped once when it was written; unwrapped; wrapped; unwrapped as a proof.
    expect([a.keyMaterial.length, b.keyMaterial.length]).toEqual([2, 2]);
    allWiped();
  });

  it.each<[string, () => Keyring, string]>([
    ['wrapping failed', () => altered(b, { wrap: async (request, real) => { await real(request); throw new Error('down'); } }), 'wrap-failed'],
    ['the proof failed', () => altered(b, { unwrap: async () => await Promise.resolve(null) }), 'keyring-contract'],
    ['the proof gave something else', () => altered(b, { unwrap: async (request, real) => ({ ...(await real(request)) as object, keyMaterial: patterned(32) }) as never }), 'keyring-contract'],
  ])('when %s', async (_why, wrapWith, code) => {
    const error = await rewrap(header, { keyring: a, wrapWith: wrapWith() }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    if (_why.endsWith('else')) return;
    allWiped();
  });

  it('when a rewrap is refused, or changes nothing', async () => {
    await failure(rewrap(header, { keyring: a, remove: () => true }), 'rewrap-refused');
    await rewrap(header, { keyring: a });
    await rewrap(header, { keyring: a, wrapWith: a });
    allWiped();
  });

  it('when the signal fires while a proof is under way, once the proof arrives', async () => {
    const late = new Gate();
    const slow = altered(b, { unwrap: async (request, real) => {
      const result = await real({ ...request, signal: new AbortController().signal });
      await late.opened;
      return result;
    } });
    const rewrapping = rewrap(header, { keyring: a, wrapWith: slow, signal: controller.signal });
    await until(() => b.keyMaterial.length === 2);
    controller.abort();
    await failure(rewrapping, 'aborted');
    late.open();
    await idle();
    allWiped();
  });
});

describe('a signal', () => {
  it('that has fired before: no key is used', async () => {
    await failure(rewrap(header, { keyring: a, wrapWith: b, signal: AbortSignal.abort() }), 'aborted');
    expect([a.operations, b.operations]).toEqual([['wrap'], []]);
  });

  it.each<[string, 'unwrap' | 'wrap', 'a' | 'b']>([
    ['the header is opened', 'unwrap', 'a'],
    ['the data key is wrapped', 'wrap', 'b'],
    ['a new wrapped key is proven', 'unwrap', 'b'],
  ])('ends it at once while %s, and reaches the keyring', async (_when, operation, which) => {
    let signal: AbortSignal | undefined;
    const hanging = altered(which === 'a' ? a : b, { [operation]: async (request: { readonly signal: AbortSignal }) => {
      ({ signal } = request);
      return await never();
    } });
    const keyrings = which === 'a' ? { keyring: hanging, wrapWith: b } : { keyring: a, wrapWith: hanging };
    const rewrapping = rewrap(header, { ...keyrings, signal: controller.signal });
    await until(() => signal !== undefined);
    controller.abort('enough');
    expect((await failure(rewrapping, 'aborted')).cause).toBe('enough');
    expect(signal?.aborted).toBe(true);
  });

  it('ends it while it looks for a key that stays', async () => {
    const both = await rewrap(header, { keyring: a, wrapWith: b });
    let calls = 0;
    const hanging = altered(a, { unwrap: async (request, real) => (calls++ === 0 ? await real(request) : await never()) });
    const rewrapping = rewrap(both.header, { keyring: hanging, remove: ({ keyId }) => keyId === 'a', signal: controller.signal });
    await until(() => calls === 2);
    controller.abort();
    await failure(rewrapping, 'aborted');
  });

  it('whenever it fires, gives either aborted or a header that opens', async () => {
    for (let turns = 0; turns < 60; turns++) {
      const one = new AbortController();
      const rewrapping = rewrap(header, { keyring: a, wrapWith: b, remove: () => true, signal: one.signal }).catch((error: unknown) => error);
      for (let i = 0; i < turns; i++) await Promise.resolve();
      one.abort();
      const result = await rewrapping;
      if (result instanceof Error) expect(result).toMatchObject({ code: 'aborted' });
      else expect(await decryptDetached({ header: (result as { header: Uint8Array }).header, payload }, { keyring: b })).toEqual(plaintext);
    }
  });
});
