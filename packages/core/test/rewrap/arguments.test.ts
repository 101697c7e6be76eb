import { describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached, rewrap } from '../../src/index.js';
import type { KeySelector } from '../../src/index.js';
import { patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { VersionedKeyring } from './versioned-keyring.js';

const a = new VersionedKeyring('a');
const b = new VersionedKeyring('b');
const plaintext = patterned(10);
const { header } = await encryptDetached(plaintext, { keyring: a });

describe('an argument that is wrong is refused before any key is used', () => {
  const selector = { provider: 'versioned' };
  it.each<[string, string, unknown]>([
    ['header', 'header', 'keyfold1h.AAAA'],
    ['header', 'header', undefined],
    ['options.keyring', 'keyring', undefined],
    ['options.wrapWith', 'wrapWith', null],
    ['options.wrapWith', 'wrapWith', [b]],
    ['options.wrapWith', 'wrapWith', { specificationVersion: 'keyring-v2', wrap: () => undefined, unwrap: () => undefined }],
    ['options.remove', 'remove', 'versioned'],
    ['options.remove', 'remove', selector],
    ['options.remove', 'remove', null],
    ['options.remove[0]', 'remove', ['versioned']],
    ['options.remove[0]', 'remove', [null]],
    ['options.remove[0]', 'remove', [{}]],
    ['options.remove[0]', 'remove', [{ keyId: 'a' }]],
    ['options.remove[1].provider', 'remove', [selector, { provider: 7 }]],
    ['options.remove[0].keyId', 'remove', [{ ...selector, keyId: undefined }]],
    ['options.remove[0].keyVersion', 'remove', [{ ...selector, keyVersion: 3 }]],
    ['options.remove[0].keyID', 'remove', [{ ...selector, keyID: 'a' }]],
    ['options.refresh', 'refresh', 'false'],
    ['options.allowUnproven', 'allowUnproven', 'false'],
    ['options.allowUnproven', 'allowUnproven', 1],
    ['options.minimum', 'minimum', 0],
    ['options.minimum', 'minimum', 33],
    ['options.minimum', 'minimum', 1.5],
    ['options.minimum', 'minimum', '2'],
    ['options.minimumRevision', 'minimumRevision', -1],
    ['options.minimumRevision', 'minimumRevision', 2 ** 32],
    ['options.headerPadding', 'headerPadding', 65_536],
    ['options.headerPadding', 'headerPadding', -1],
    ['options.context', 'context', 'any'],
    ['options.limits', 'limits', 5],
    ['options.signal', 'signal', {}],
  ])('%s', async (argument, name, value) => {
    const given = name === 'header' ? value : header;
    const before = a.unwraps;
    const error = await failure(rewrap(given as never, { keyring: a, wrapWith: b, ...(name === 'header' ? {} : { [name]: value }) }), 'invalid-argument');
    expect(error.details.argument).toBe(argument);
    expect([a.unwraps - before, b.wraps]).toEqual([0, 0]);
  });

  it('no options at all', async () => {
    await failure(rewrap(header, undefined as never), 'invalid-argument');
  });
});

describe('a selector', () => {
  it.each<[KeySelector, boolean]>([
    [{ provider: 'versioned' }, true],
    [{ provider: 'versioned', keyId: 'a' }, true],
    [{ provider: 'versioned', keyVersion: '1' }, true],
    [{ provider: 'versioned', keyId: 'a', keyVersion: '1' }, true],
    [{ provider: 'version' }, false],
    [{ provider: 'versioned', keyId: 'b' }, false],
    [{ provider: 'versioned', keyId: 'a', keyVersion: '2' }, false],
    [{ provider: 'versioned', keyVersion: '' }, false],
  ])('names those that have all its fields: %j', async (selector, isNamed) => {
    const { changes } = await rewrap(header, { keyring: a, wrapWith: b, remove: [{ provider: 'nobody' }, selector] });
    expect(changes.some(({ change }) => change === 'removed')).toBe(isNamed);
  });

  it('as a function is told everything of a wrapped key', async () => {
    const told: unknown[] = [];
    await rewrap(header, { keyring: a, wrapWith: b, remove: (key) => { told.push(key); return false; } });
    expect(told).toEqual([{ provider: 'versioned', keyId: 'a', keyVersion: '1', algorithm: 'TEST-A256GCM', ciphertextLength: 60, pending: false }]);
  });

  it('as a function that throws fails the rewrap with its error', async () => {
    await expect(rewrap(header, { keyring: a, remove: () => { throw new Error('mine'); } })).rejects.toThrow('mine');
  });

  it('never takes what this rewrap has just made', async () => {
    const { changes } = await rewrap(header, { keyring: a, wrapWith: b, remove: () => true });
    expect(changes.map(({ change, key }) => [change, key.keyId])).toEqual([['added', 'b'], ['removed', 'a']]);
  });
});

describe('the encryption context', () => {
  const options = { context: { tenant: 'acme' }, externalContext: { row: '7' } };
  const sealed = encryptDetached(plaintext, { keyring: a, ...options });

  it.each([
    [undefined, 'external-context-missing'],
    ['unchecked', 'external-context-missing'],
    [{ tenant: 'acme' }, 'external-context-missing'],
    [{ tenant: 'other', row: '7' }, 'context-mismatch'],
    [{ tenant: 'acme', row: '8' }, 'unwrap-failed'],
  ] as const)('is needed as for decrypting: %j', async (context, code) => {
    const { header: withContext } = await sealed;
    await failure(rewrap(withContext, { keyring: a, wrapWith: b, ...(context === undefined ? {} : { context }) }), code);
  });

  it('is bound to the new wrapped keys too', async () => {
    const { header: withContext, payload } = await sealed;
    const result = await rewrap(withContext, { keyring: a, wrapWith: b, context: { row: '7' }, remove: () => true });
    const pair = { header: result.header, payload };
    expect(await decryptDetached(pair, { keyring: b, context: { row: '7', tenant: 'acme' } })).toEqual(plaintext);
    await failure(decryptDetached(pair, { keyring: b, context: { row: '8' } }), 'unwrap-failed');
    await failure(decryptDetached(pair, { keyring: b, context: { row: '7', tenant: 'other' } }), 'context-mismatch');
  });
});
