import { inspect as print } from 'node:util';
import { describe, expect, it } from 'vitest';
import { decrypt, decryptDetached, decryptStream, encrypt, encryptDetached, encryptStream, isKeyfoldError } from '../../src/index.js';
import { keyringError } from '../../src/keyring/index.js';
import { concat, flipped, hex, patterned, utf8 } from '../support/bytes.js';
import { thrownBy } from '../support/failure.js';
import { collectUntilFailure, streamOf } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const PLAINTEXT = 'PLAINTEXT-cafe-babe-0123456789';
const VALUE = 'VALUE-of-the-context-42';
const EXTERNAL = 'EXTERNAL-value-of-the-context-43';

const keyring = new TestKeyring();
const plaintext = utf8(PLAINTEXT.repeat(300));
const context = { tenant: VALUE };
const externalContext = { row: EXTERNAL };
const expected = { ...context, ...externalContext };
const envelope = await encrypt(plaintext, { keyring, context, externalContext, segmentSize: 4096 });
const detached = await encryptDetached(plaintext, { keyring, context, externalContext });
const other = await encryptDetached(plaintext, { keyring, context, externalContext });

/** Everything that a person or a log might print of an error: message, details, stack, causes. */
function printed(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    parts.push(at.message, at.stack ?? '', print(at, { depth: 10 }), JSON.stringify(at));
  }
  return parts.join('\n');
}

function expectNoSecret(error: unknown): void {
  expect(isKeyfoldError(error)).toBe(true);
  const text = printed(error);
  for (const secret of [PLAINTEXT, VALUE, EXTERNAL, 'other-VALUE']) expect(text).not.toContain(secret);
  for (const key of keyring.secrets) {
    const forms = [hex(key), Buffer.from(key).toString('base64'), Buffer.from(key).toString('base64url'), [...key].join(','), [...key].join(', ')];
    for (const form of forms) expect(text).not.toContain(form);
    expect(text).not.toContain(hex(key).slice(0, 16));
  }
}

const failing: readonly (readonly [string, () => unknown])[] = [
  ['a context value of the wrong type', async () => await encrypt(plaintext, { keyring, context: { tenant: { VALUE } as never } })],
  ['a context value with half a surrogate', async () => await encrypt(plaintext, { keyring, context: { tenant: `${VALUE}\ud800` } })],
  ['a context that is too large', async () => await encrypt(plaintext, { keyring, context: { tenant: VALUE.repeat(1000) } })],
  ['a context value that is too long', async () => await encrypt(plaintext, { keyring, context: { tenant: VALUE.repeat(10_000) } })],
  ['a context key on both sides', async () => await encrypt(plaintext, { keyring, context, externalContext: { tenant: EXTERNAL } })],
  ['another context', async () => await decrypt(envelope, { keyring, context: { ...expected, tenant: `other-${VALUE}` } })],
  ['another external value', async () => await decrypt(envelope, { keyring, context: { ...context, row: `other-${EXTERNAL}` } })],
  ['a missing external value', async () => await decrypt(envelope, { keyring, context })],
  ['no context', async () => await decrypt(await encrypt(plaintext, { keyring, context }), { keyring })],
  ['another key', async () => await decrypt(envelope, { keyring: new TestKeyring(), context: expected })],
  ['no such key', async () => await decrypt(envelope, { keyring: new TestKeyring({ name: 'x' }), context: expected })],
  ['a header that was changed', async () => await decrypt(flipped(envelope, 150), { keyring, context: expected })],
  ['a segment that was changed', async () => await decrypt(flipped(envelope, envelope.length - 40), { keyring, context: expected })],
  ['an end that is missing', async () => await decrypt(envelope.subarray(0, -20), { keyring, context: expected })],
  ['another message', async () => await decryptDetached({ header: detached.header, payload: other.payload }, { keyring, context: expected })],
  ['plaintext in place of an envelope', async () => await decrypt(plaintext, { keyring })],
  ['a string in place of bytes', async () => await encrypt(PLAINTEXT as never, { keyring })],
  ['a string in place of an envelope', async () => await decrypt(PLAINTEXT as never, { keyring })],
  ['a keyring that fails', async () => {
    const failure = { provider: 'p', keyring: 'k', keyId: 'id', operation: 'wrap', reason: 'unavailable', retryable: true, remedy: 'Wait.' } as const;
    return await encrypt(plaintext, { keyring: new TestKeyring({ wrap: async () => await Promise.reject(keyringError(failure, 'It is down.')) }), context });
  }],
  ['a keyring that breaks its contract', async () => await encrypt(plaintext, {
    keyring: new TestKeyring({
      wrap: async (request) => {
        keyring.secrets.push(request.keyMaterial.slice());
        return await Promise.resolve({ wrappedKeys: [{ provider: 'p', keyId: '', keyVersion: '', algorithm: '', ciphertext: request.keyMaterial }] });
      },
    }),
    context,
  })],
  ['a keyring that makes a key of the wrong length', async () => await encrypt(plaintext, {
    keyring: new TestKeyring({ generate: async () => await Promise.resolve({ keyMaterial: patterned(31), wrappedKeys: [] }) }),
    context,
  })],
  ['a plaintext that is too long', async () => {
    const stream = streamOf(plaintext).pipeThrough(encryptStream({ keyring, plaintextLength: 5 }));
    throw (await collectUntilFailure(stream)).error as Error;
  }],
  ['a stream that is damaged', async () => {
    const damaged = streamOf(flipped(envelope, envelope.length - 1)).pipeThrough(decryptStream({ keyring, context: expected }));
    throw (await collectUntilFailure(damaged)).error as Error;
  }],
];

describe('no error tells a secret', () => {
  it.each(failing)('%s', async (_what, fail) => {
    expectNoSecret(await thrownBy(fail));
  });

  it('and the search would find one', () => {
    const leaking = new Error(`key ${hex(keyring.secrets[0] as Uint8Array)}`, { cause: new Error(VALUE) });
    expect(printed(leaking)).toContain(hex(keyring.secrets[0] as Uint8Array));
    expect(printed(leaking)).toContain(VALUE);
    expect(concat(...keyring.secrets).length).toBeGreaterThan(0);
  });
});

describe('every message', () => {
  it.each(failing)('is made of sentences that say what to do: %s', async (_what, fail) => {
    const error = await thrownBy(fail);
    expect((error as Error).message).toMatch(/\.$|:\n/s);
    expect((error as Error).message).not.toMatch(/undefined|\[object|NaN/);
  });
});
