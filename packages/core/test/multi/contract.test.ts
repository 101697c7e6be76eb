/** A member that does not keep to its contract fails alone. */
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, inspect, multiKeyring } from '../../src/index.js';
import type { UnwrapResult, WrapResult } from '../../src/keyring/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';
import { TestKeyring } from '../support/test-keyring.js';

const plaintext = utf8('the only copy');
/** So long that a test which waited for it would time out. */
const FOREVER = 100_000;
const wrong = (): Uint8Array => new Uint8Array(32).fill(7);

describe('what a member that unwraps returns', () => {
  it.each<[string, (keyMaterial: Uint8Array) => unknown]>([
    ['a data key that it did not ask about', () => ({ keyMaterial: wrong() })],
    ['a data key that is too short', () => ({ keyMaterial: new Uint8Array(5) })],
    ['no key material', () => ({})],
    ['nothing', () => undefined],
    ['another data key than the one that was accepted', () => ({ keyMaterial: wrong() })],
  ])('as %s makes it go on with the next', async (_, answer) => {
    const [right, spare] = [faultyKeyring('a'), faultyKeyring('b')];
    const liar = new TestKeyring({ name: 'liar', unwrap: async (request, real) => {
      const result = await real(request);
      const changed = answer(wrong());
      return (changed === undefined ? undefined : { wrappedKey: result?.wrappedKey, ...(changed as object) }) as unknown as UnwrapResult;
    } });
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: [liar, right.keyring, spare.keyring] }) });
    expect(await decrypt(envelope, { keyring: multiKeyring({ members: [liar, right.keyring], headStart: FOREVER }) })).toEqual(plaintext);
    const { details } = await failure(decrypt(envelope, { keyring: multiKeyring({ members: [liar] }) }), 'unwrap-failed');
    expect(details.attempts).toMatchObject([{ keyId: 'liar', outcome: 'failed' }]);
    expect(spare.keyring.operations).toEqual(['wrap']);
  });

  it('is taken, and the key material wiped, also when it did not ask and is right', async () => {
    let given: Uint8Array | undefined;
    const silent = new TestKeyring({ name: 'silent', unwrap: async (request, real) => {
      const result = await real({ ...request, accepts: async () => await Promise.resolve(true) });
      given = result?.keyMaterial;
      return result;
    } });
    const envelope = await encrypt(plaintext, { keyring: silent });
    expect(await decrypt(envelope, { keyring: multiKeyring({ members: [silent] }) })).toEqual(plaintext);
    expect(given).toEqual(new Uint8Array(32));
  });
});

describe('what a member that wraps does', () => {
  it.each<[string, unknown]>([
    ['no wrapped keys', {}],
    ['an empty list', { wrappedKeys: [] }],
    ['nothing', undefined],
    ['a list of nothing', { wrappedKeys: [null] }],
    ['pending ones only', { wrappedKeys: [{ provider: 'test', keyId: 'b', keyVersion: '', algorithm: '', ciphertext: new Uint8Array(0) }] }],
  ])('as returning %s is a failure, not a success without a wrapped key', async (_, answer) => {
    const bad = new TestKeyring({ name: 'b', wrap: async () => await Promise.resolve(answer as WrapResult) });
    const members = [faultyKeyring('a').keyring, bad];
    const error = await failure(encrypt(plaintext, { keyring: multiKeyring({ members }) }), 'wrap-failed');
    expect(error.details.attempts).toMatchObject([{ keyId: 'b', outcome: 'failed', reason: 'unknown' }]);
    expect(error.cause).toBeInstanceOf(Error);
    await failure(encrypt(plaintext, { keyring: multiKeyring({ members, write: { minimum: 2 } }) }), 'wrap-failed');
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members, write: { minimum: 1 } }) });
    expect(inspect(envelope).wrappedKeys.map(({ keyId, pending }) => [keyId, pending])).toEqual([['a', false], ['b', true]]);
  });

  it('to the key material that it was handed changes nothing for the others', async () => {
    const vandal = new TestKeyring({ name: 'vandal', wrap: async (request, real) => {
      const result = real({ ...request, keyMaterial: new Uint8Array(request.keyMaterial) });
      request.keyMaterial.fill(0);
      return await result;
    } });
    const other = faultyKeyring('other').keyring;
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: [vandal, other] }) });
    for (const keyring of [vandal, other]) expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
    for (const keyMaterial of [...vandal.keyMaterial, ...other.keyMaterial]) expect(keyMaterial).toEqual(new Uint8Array(32));
  });
});

it('an error’s cause is what was thrown: the one error, or all of them', async () => {
  const [a, b] = [new Error('first'), new Error('second')];
  const failing = (name: string, error: Error): TestKeyring => new TestKeyring({ name, wrap: async () => await Promise.reject(error), unwrap: async () => await Promise.reject(error) });
  const envelope = await encrypt(plaintext, { keyring: faultyKeyring('c').keyring });
  const one = { keyring: multiKeyring({ members: [failing('a', a)] }) };
  const two = { keyring: multiKeyring({ members: [failing('a', a), failing('b', b)] }) };
  expect((await failure(encrypt(plaintext, one), 'wrap-failed')).cause).toBe(a);
  expect((await failure(decrypt(envelope, one), 'unwrap-failed')).cause).toBe(a);
  expect((await failure(encrypt(plaintext, two), 'wrap-failed')).cause).toMatchObject({ errors: [a, b] });
  expect((await failure(decrypt(envelope, two), 'unwrap-failed')).cause).toMatchObject({ errors: [a, b] });
});
