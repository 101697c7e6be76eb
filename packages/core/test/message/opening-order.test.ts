import { describe, expect, it } from 'vitest';
import { decrypt, decryptDetached, decryptStream, encryptDetached } from '../../src/index.js';
import type { ErrorCode } from '../../src/index.js';
import { concat, flipped, patterned, spliced } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { rawHeader } from '../support/raw-header.js';
import { through } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const writer = new TestKeyring();
const plaintext = patterned(5000);
const { header, payload } = await encryptDetached(plaintext, {
  keyring: writer,
  context: { tenant: 'acme' },
  externalContext: { row: '7' },
  segmentSize: 4096,
});

type Way = (parts: { header: Uint8Array; payload: Uint8Array }, options: Parameters<typeof decrypt>[1]) => Promise<unknown>;

const ways: readonly (readonly [string, Way])[] = [
  ['attached', async (parts, options) => await decrypt(concat(parts.header, parts.payload), options)],
  ['detached', async (parts, options) => await decryptDetached(parts, options)],
  ['as a stream', async (parts, options) => await through(decryptStream(options), [parts.header, parts.payload])],
  ['as a detached stream', async (parts, options) => await through(decryptStream({ ...options, header: parts.header }), [parts.payload])],
];

const expected = { tenant: 'acme', row: '7' };

describe.each(ways)('before anything else was checked, no keyring is called: %s', (_way, open) => {
  it.each<[string, ErrorCode, Uint8Array, Record<string, string>]>([
    ['a header that is no header', 'malformed', rawHeader({ padding: Uint8Array.of(1) }), expected],
    ['a header that lies about its end', 'malformed', rawHeader({ extra: Uint8Array.of(0) }), expected],
    ['a header of a later version', 'unsupported', rawHeader({ suite: 2 }), expected],
    ['a header that is too long', 'limit-exceeded', rawHeader({ headerLength: 65_537 }), expected],
    ['a context that is another', 'context-mismatch', header, { tenant: 'other', row: '7' }],
    ['a context that has more', 'context-mismatch', header, { ...expected, region: 'eu' }],
    ['a missing external value', 'external-context-missing', header, { tenant: 'acme' }],
  ])('%s', async (_what, code, bytes, context) => {
    const keyring = new TestKeyring();
    await failure(open({ header: bytes, payload }, { keyring, context }), code);
    expect(keyring.operations).toEqual([]);
  });

  it('a context that must be given', async () => {
    const keyring = new TestKeyring();
    const parts = await encryptDetached(plaintext, { keyring: writer, context: { a: 'b' } });
    await failure(open(parts, { keyring }), 'context-required');
    expect(keyring.operations).toEqual([]);
  });
});

describe.each(ways)('once it was, the keyring is asked before the payload is looked at: %s', (_way, open) => {
  it('a wrong key is reported, not the damage behind it', async () => {
    const stranger = new TestKeyring();
    const parts = { header, payload: flipped(payload, 0) };
    await failure(open(parts, { keyring: stranger, context: expected }), 'unwrap-failed');
    expect(stranger.operations).toEqual(['unwrap']);
  });

  it('then comes the message id, then the segments', async () => {
    const otherId = { header, payload: flipped(flipped(payload, 0), 20) };
    await failure(open(otherId, { keyring: writer, context: expected }), 'payload-mismatch');
    const damaged = { header, payload: flipped(payload, 20) };
    await failure(open(damaged, { keyring: writer, context: expected }), 'payload-damaged');
  });

  it('one call to the keyring, whatever the payload', async () => {
    const before = writer.operations.length;
    await open({ header, payload }, { keyring: writer, context: expected });
    expect(writer.operations.slice(before)).toEqual(['unwrap']);
  });
});

describe('the identity section', () => {
  it.each<[string, number, Record<string, string>]>([
    ['segment size', 14, expected],
    ['message id', 20, expected],
    ['external key', 36, { sow: '7' }],
    ['embedded key', 44, { row: '7' }],
    ['embedded value', 53, { row: '7' }],
  ])('is bound: with another %s no wrapped key is accepted', async (_what, at, context) => {
    const parts = { header: flipped(header, at), payload };
    const error = await failure(decryptDetached(parts, { keyring: writer, context }), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([{ keyId: 'kek-1', reason: 'integrity' }]);
  });

  it('cannot lose its context', async () => {
    const length = header.length;
    const count = (header[32] as number) * 256 + (header[33] as number);
    expect(count).toBe(2);
    // The two entries cut out, count 0, header_length mended.
    const entries = 2 + 3 + 1 + 2 + (2 + 6 + 1 + 2 + 4);
    const bare = spliced(header, 32, 2 + entries, Uint8Array.of(0, 0));
    new DataView(bare.buffer).setUint32(8, length - entries);
    await failure(decryptDetached({ header: bare, payload }, { keyring: writer }), 'unwrap-failed');
  });
});
