/** Multi-keyrings as members of multi-keyrings. */
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, inspect, multiKeyring } from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';

const plaintext = utf8('the only copy');
const [aws1, aws2] = [faultyKeyring('aws-1', { provider: 'aws' }), faultyKeyring('aws-2', { provider: 'aws' })];
const gcp = faultyKeyring('gcp-1', { provider: 'gcp' });

describe('a multi-keyring in another', () => {
  it('is of the provider of its KEKs, not one of its own', async () => {
    const inner = multiKeyring({ members: [aws1.keyring, aws2.keyring] });
    const write = { minimum: 2, distinctDomains: ['provider'] };
    await failure(() => multiKeyring({ members: [inner, aws2.keyring], write }), 'invalid-argument');
    expect(() => multiKeyring({ members: [inner, gcp.keyring], write })).not.toThrow();
  });

  it('has no provider as its domain when its KEKs are of several', async () => {
    const inner = multiKeyring({ members: [aws1.keyring, gcp.keyring] });
    const write = { minimum: 1, distinctDomains: ['provider'] };
    const error = await failure(() => multiKeyring({ members: [inner, aws2.keyring], write }), 'invalid-argument');
    expect(error.message).toContain('has no domain "provider"; give it one.');
    const named = { keyring: inner, domain: { provider: 'aws and gcp' } };
    expect(() => multiKeyring({ members: [named, aws2.keyring], write })).not.toThrow();
  });

  it('applies its own policy: what it leaves pending is pending, and it has succeeded', async () => {
    const [a, b, c] = [faultyKeyring('a'), faultyKeyring('b', { mode: 'fails' }), faultyKeyring('c')];
    const inner = multiKeyring({ members: [a.keyring, b.keyring], write: { minimum: 1 } });
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: [inner, c.keyring] }) });
    expect(inspect(envelope).wrappedKeys.map(({ keyId, pending }) => [keyId, pending])).toEqual([['a', false], ['b', true], ['c', false]]);
  });

  it('has a row for each of its keys when the outer deadline passes', async () => {
    const [a, b, c] = [faultyKeyring('a'), faultyKeyring('b'), faultyKeyring('c')];
    const inner = multiKeyring({ members: [a.keyring, b.keyring] });
    const keyring = multiKeyring({ members: [inner, c.keyring], headStart: 1, deadline: 30 });
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: [inner, c.keyring] }) });
    for (const member of [a, b, c]) member.mode = 'hangs';
    const { details } = await failure(decrypt(envelope, { keyring }), 'unwrap-failed');
    expect(details.attempts.map(({ provider, keyId, reason }) => [provider, keyId, reason])).toEqual([
      ['test', 'a', 'timeout'], ['test', 'b', 'timeout'], ['test', 'c', 'timeout'],
    ]);
    const wrapError = await failure(encrypt(plaintext, { keyring }), 'wrap-failed');
    expect(wrapError.details.attempts.map(({ keyId, reason }) => [keyId, reason])).toEqual([['a', 'timeout'], ['b', 'timeout'], ['c', 'timeout']]);
  });

  it('has the rows of all its keys when they fail', async () => {
    const [a, b, c] = [faultyKeyring('a'), faultyKeyring('b'), faultyKeyring('c')];
    const keyring = multiKeyring({ members: [multiKeyring({ members: [a.keyring, b.keyring] }), c.keyring] });
    const envelope = await encrypt(plaintext, { keyring });
    for (const member of [a, b, c]) member.mode = 'fails';
    const { details } = await failure(decrypt(envelope, { keyring }), 'unwrap-failed');
    expect(details.attempts.map(({ keyId, reason }) => [keyId, reason])).toEqual([['a', 'unavailable'], ['b', 'unavailable'], ['c', 'unavailable']]);
  });
});

describe('a signal', () => {
  it('that lives long is not kept by the calls it was passed to', async () => {
    const { signal } = new AbortController();
    const keyring = multiKeyring({ members: [aws1.keyring, gcp.keyring] });
    for (let i = 0; i < 10; i++) await decrypt(await encrypt(plaintext, { keyring, signal }), { keyring, signal });
    // Where AbortSignal.any remembers who depends on a signal, in Node; there is nothing of the kind elsewhere.
    const dependants = Object.getOwnPropertySymbols(signal).filter((symbol) => symbol.description === 'kDependantSignals');
    for (const symbol of dependants) expect((signal as unknown as Record<symbol, Set<unknown> | null>)[symbol]?.size ?? 0).toBe(0);
  });
});
