import { describe, expect, it } from 'vitest';
import { decryptDetached, decryptStream, encryptDetached, encryptDetachedStream, inspect } from '../../src/index.js';
import { patterned } from '../support/bytes.js';
import { asFailure, failure } from '../support/failure.js';
import { rawHeader } from '../support/raw-header.js';
import { collectUntilFailure, streamOf, through } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const keyring = new TestKeyring();
const plaintext = patterned(10_000);

describe('a detached stream', () => {
  it('has its header before the payload’s first byte, and is complete', async () => {
    const { header, payload } = await encryptDetachedStream({ keyring, context: { a: 'b' }, segmentSize: 4096 });
    expect(inspect(header)).toMatchObject({ context: [{ key: 'a', value: 'b' }], segmentSize: 4096, headerLength: header.length });
    const sealed = await through(payload, [plaintext]);
    expect(inspect(header, { payloadLength: sealed.length }).payload?.plaintextLength).toBe(10_000);
    expect(await decryptDetached({ header, payload: sealed }, { keyring, context: { a: 'b' } })).toEqual(plaintext);
  });

  it('gives the payload alone: message id first', async () => {
    const { header, payload } = await encryptDetachedStream({ keyring });
    const sealed = await through(payload, [plaintext]);
    expect(sealed.subarray(0, 16)).toEqual(header.subarray(16, 32));
    expect(sealed).toHaveLength(16 + 10_000 + 16);
  });

  it('fails at the call when wrapping fails', async () => {
    const down = new TestKeyring({ wrap: async () => await Promise.reject(new Error('down')) });
    await failure(encryptDetachedStream({ keyring: down }), 'wrap-failed');
  });
});

describe('decrypting with a detached header', () => {
  it('fails at the call when the header is none', async () => {
    const parse = (header: Uint8Array) => () => decryptStream({ keyring, header });
    await failure(parse(patterned(100)), 'malformed');
    await failure(parse(rawHeader().subarray(0, 50)), 'truncated');
    await failure(parse(rawHeader({ suite: 3 })), 'unsupported');
    await failure(parse(rawHeader({ headerLength: 70_000 })), 'limit-exceeded');
    const { header, payload } = await encryptDetached(plaintext, { keyring });
    const whole = new Uint8Array([...header, ...payload]);
    expect((await failure(parse(whole), 'malformed')).details.rule).toBe('detached-trailing-bytes');
  });

  it('refuses a whole envelope where the payload belongs', async () => {
    const { header, payload } = await encryptDetached(plaintext, { keyring });
    const { error } = await collectUntilFailure(streamOf(header, payload).pipeThrough(decryptStream({ keyring, header })));
    asFailure(error, 'payload-mismatch');
  });

  it('refuses a payload that is not there', async () => {
    const { header } = await encryptDetached(plaintext, { keyring });
    const { error } = await collectUntilFailure(streamOf().pipeThrough(decryptStream({ keyring, header })));
    expect(asFailure(error, 'truncated').details).toEqual({ part: 'payload', actual: 0, expected: 16 });
  });
});
