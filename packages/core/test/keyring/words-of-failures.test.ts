/** What keyrings read failures of services and of the network with. */
import { describe, expect, it } from 'vitest';
import { isBrokenConnection, isUntrustedConnection, printable, saying } from '../../src/keyring/index.js';

describe('the words of others', () => {
  it('are one line of ASCII, and not too long', () => {
    expect(printable(' a\n\tb \u001b[31mred\u202e — ü ', 100)).toBe('a b ?[31mred? ? ?');
    expect(printable('x'.repeat(9), 8)).toBe('xxxxxxxx');
  });

  it.each([
    [undefined, 'Acme answered 403.'],
    ['  \n ', 'Acme answered 403.'],
    ['Not you', 'Acme answered 403: Not you.'],
    ['Not you.\n', 'Acme answered 403: Not you.'],
    ['x'.repeat(1_000), `Acme answered 403: ${'x'.repeat(500)}.`],
  ])('end a sentence: %j', (words, expected) => {
    expect(saying('Acme answered 403', words)).toBe(expected);
  });
});

describe('a code of Node', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE', 'UND_ERR_SOCKET'])('%s tells of a network that fails', (code) => {
    expect([isBrokenConnection(code), isUntrustedConnection(code)]).toEqual([true, false]);
  });

  it.each(['CERT_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'])(
    '%s tells of another side that is not trusted',
    (code) => {
      expect([isBrokenConnection(code), isUntrustedConnection(code)]).toEqual([false, true]);
    },
  );

  it.each([undefined, '', 'ENOENT', 'XCERT_', 'econnreset'])('%s tells of neither', (code) => {
    expect([isBrokenConnection(code), isUntrustedConnection(code)]).toEqual([false, false]);
  });
});
