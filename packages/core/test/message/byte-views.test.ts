import { describe, expect, it } from 'vitest';
import { decrypt, decryptDetached, decryptStream, encrypt, encryptDetached, encryptStream, inspect, toText } from '../../src/index.js';
import { concat, copy, cut, patterned } from '../support/bytes.js';
import { through } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const SEGMENT = 4096;

/** Ways in which the same bytes can lie in memory. */
const views: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
  ['a part of a larger buffer', (bytes) => concat(patterned(13, 9), bytes, patterned(7, 9)).subarray(13, 13 + bytes.length)],
  ['a Buffer', (bytes) => Buffer.from(bytes)],
  ['a Buffer from the pool', (bytes) => Buffer.concat([bytes.subarray(0, 1), bytes.subarray(1)])],
  ['a view over shared memory', (bytes) => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 5)).subarray(5);
    shared.set(bytes);
    return shared;
  }],
  ['a view over a resizable buffer', (bytes) => {
    const resizable = new Uint8Array(Reflect.construct(ArrayBuffer, [bytes.length, { maxByteLength: bytes.length + 100 }]) as ArrayBuffer);
    resizable.set(bytes);
    return resizable;
  }],
  ['an instance of a class of its own', (bytes) => new (class Bytes extends Uint8Array {})(bytes)],
];

describe.each(views)('bytes in %s', (_what, viewOf) => {
  const plaintext = patterned(2 * SEGMENT + 5);
  const context = { tenant: 'acme' };

  it('are encrypted and decrypted, and not changed', async () => {
    const keyring = new TestKeyring();
    const input = viewOf(plaintext);
    const envelope = viewOf(await encrypt(input, { keyring, context, segmentSize: SEGMENT }));
    const before = copy(envelope);
    expect(await decrypt(envelope, { keyring, context })).toEqual(plaintext);
    expect(copy(input)).toEqual(plaintext);
    expect(copy(envelope)).toEqual(before);
    expect(inspect(envelope).context).toEqual([{ key: 'tenant', kind: 'embedded', value: 'acme' }]);
    expect(toText(envelope)).toBe(toText(before));
  });

  it('are encrypted and decrypted detached, and not changed', async () => {
    const keyring = new TestKeyring();
    const { header, payload } = await encryptDetached(viewOf(plaintext), { keyring, context, segmentSize: SEGMENT });
    const given = { header: viewOf(header), payload: viewOf(payload) };
    expect(await decryptDetached(given, { keyring, context })).toEqual(plaintext);
    expect(copy(given.header)).toEqual(header);
    expect(copy(given.payload)).toEqual(payload);
  });

  it('are encrypted and decrypted as a stream, and not changed', async () => {
    const keyring = new TestKeyring();
    const input = cut(plaintext, 3000).map(viewOf);
    const envelope = await through(encryptStream({ keyring, context, segmentSize: SEGMENT }), input);
    const pieces = cut(envelope, 1700).map(viewOf);
    expect(await through(decryptStream({ keyring, context }), pieces)).toEqual(plaintext);
    expect(concat(...input)).toEqual(plaintext);
    expect(concat(...pieces)).toEqual(envelope);
  });

  it('are taken as a detached header', async () => {
    const keyring = new TestKeyring();
    const { header, payload } = await encryptDetached(plaintext, { keyring, context, segmentSize: SEGMENT });
    const given = viewOf(header);
    const stream = decryptStream({ keyring, context, header: given });
    // The caller may use its memory for something else as soon as the call returned.
    given.fill(0xee);
    expect(await through(stream, [payload])).toEqual(plaintext);
  });
});
