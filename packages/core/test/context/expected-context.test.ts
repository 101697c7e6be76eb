import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/index.js';
import type { ContextInput } from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { TestKeyring } from '../support/test-keyring.js';

const plaintext = utf8('plaintext');
const keyring = new TestKeyring();
const opens = async (envelope: Uint8Array, context?: ContextInput | 'unchecked'): Promise<void> => {
  expect(await decrypt(envelope, context === undefined ? { keyring } : { keyring, context })).toEqual(plaintext);
};

const without = await encrypt(plaintext, { keyring });
const embedded = await encrypt(plaintext, { keyring, context: { tenant: 'acme', purpose: 'backup', empty: '' } });
const external = await encrypt(plaintext, { keyring, context: { tenant: 'acme' }, externalContext: { row: '7', user: 'u' } });

describe('an envelope without a context', () => {
  it('opens without one', async () => {
    await opens(without);
    await opens(without, {});
    await opens(without, new Map());
    await opens(without, 'unchecked');
  });

  it('does not open for a context that it does not have', async () => {
    const error = await failure(decrypt(without, { keyring, context: { tenant: 'acme' } }), 'context-mismatch');
    expect(error.details).toEqual({ keys: ['tenant'] });
  });
});

describe('an envelope with a context', () => {
  it('opens for all of it, for any part of it, and unchecked', async () => {
    await opens(embedded, { tenant: 'acme', purpose: 'backup', empty: '' });
    await opens(embedded, { purpose: 'backup' });
    await opens(embedded, { empty: '' });
    await opens(embedded, new Map([['tenant', 'acme']]));
    await opens(embedded, 'unchecked');
  });

  it.each([
    ['another value', { tenant: 'Acme' }, ['tenant']],
    ['a value that only begins alike', { tenant: 'acme2' }, ['tenant']],
    ['a key that it does not have', { tenant: 'acme', region: 'eu' }, ['region']],
    ['a value where it has an empty one', { empty: 'x' }, ['empty']],
    ['several that are wrong, all of which are named', { tenant: 'x', purpose: 'backup', region: 'y' }, ['tenant', 'region']],
    ['a key of the object prototype', { toString: 'x' }, ['toString']],
  ])('does not open for %s', async (_what, context, keys) => {
    const error = await failure(decrypt(embedded, { keyring, context }), 'context-mismatch');
    expect(error.details).toEqual({ keys });
    for (const key of keys) expect(error.message).toContain(JSON.stringify(key));
  });

  it('does not open for nothing: that must be said', async () => {
    for (const context of [undefined, {}, new Map<string, string>()]) {
      const options = context === undefined ? { keyring } : { keyring, context };
      const error = await failure(decrypt(embedded, options), 'context-required');
      expect(error.details).toEqual({ keys: ['empty', 'purpose', 'tenant'] });
      expect(error.message).toContain("'unchecked'");
    }
  });
});

describe('an envelope with external context', () => {
  it('opens when every external value is supplied', async () => {
    await opens(external, { row: '7', user: 'u' });
    await opens(external, { row: '7', user: 'u', tenant: 'acme' });
  });

  it('does not store the values', () => {
    const text = new TextDecoder('latin1').decode(external);
    expect(text).toContain('row');
    expect(text).not.toContain('row\u0000\u0000\u00017');
  });

  it.each([
    [{ row: '7' }, ['user']],
    [{ tenant: 'acme' }, ['row', 'user']],
    [{}, ['row', 'user']],
    ['unchecked' as const, ['row', 'user']],
  ])('says what is missing when it is given %j', async (context, keys) => {
    const error = await failure(decrypt(external, { keyring, context }), 'external-context-missing');
    expect(error.details).toEqual({ keys });
    for (const key of keys) expect(error.message).toContain(JSON.stringify(key));
  });

  it('names a wrong embedded value before a missing external one', async () => {
    const error = await failure(decrypt(external, { keyring, context: { tenant: 'x' } }), 'context-mismatch');
    expect(error.details).toEqual({ keys: ['tenant'] });
  });

  it.each([{ row: '8', user: 'u' }, { row: '', user: 'u' }, { row: 'u', user: '7' }])(
    'does not open for %j, and says that the value may be wrong',
    async (context) => {
      const error = await failure(decrypt(external, { keyring, context }), 'unwrap-failed');
      expect(error.message).toContain('external context value');
    },
  );
});

describe('what a keyring is told of the context', () => {
  it('is every pair in the order of the keys, external values filled in, when wrapping as when unwrapping', async () => {
    const recording = new TestKeyring();
    const options = { keyring: recording, context: { b: '2', '\u{1f600}': 'smile' }, externalContext: { a: '1', '\uff5e': '~' } };
    await decrypt(await encrypt(plaintext, options), { keyring: recording, context: { a: '1', '\uff5e': '~' } });
    const [wrap, unwrap] = recording.calls.map(({ request }) => request.context);
    expect([...(wrap?.pairs ?? [])]).toEqual([['a', '1'], ['b', '2'], ['\uff5e', '~'], ['\u{1f600}', 'smile']]);
    expect(unwrap).toEqual(wrap);
    expect(wrap?.digest).toHaveLength(32);
  });
});
