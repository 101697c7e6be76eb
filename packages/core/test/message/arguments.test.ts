import { inspect as print } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  decrypt,
  decryptDetached,
  decryptStream,
  encrypt,
  encryptDetached,
  encryptDetachedStream,
  encryptStream,
  inspect,
} from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { TestKeyring } from '../support/test-keyring.js';

type Options = Record<string, unknown>;
type Call = (options: unknown) => unknown;

const keyring = new TestKeyring();
const plaintext = utf8('plaintext');
const real = new TestKeyring();
const envelope = await encrypt(plaintext, { keyring: real });
const detached = await encryptDetached(plaintext, { keyring: real });

// The options are of any type on purpose: JavaScript has no compiler that would have said so.
const encrypting: readonly (readonly [string, Call])[] = [
  ['encrypt', async (options) => await encrypt(plaintext, options as never)],
  ['encryptDetached', async (options) => await encryptDetached(plaintext, options as never)],
  ['encryptStream', (options) => encryptStream(options as never)],
  ['encryptDetachedStream', async (options) => await encryptDetachedStream(options as never)],
];
const decrypting: readonly (readonly [string, Call])[] = [
  ['decrypt', async (options) => await decrypt(envelope, options as never)],
  ['decryptDetached', async (options) => await decryptDetached(detached, options as never)],
  ['decryptStream', (options) => decryptStream(options as never)],
];
const both = [...encrypting, ...decrypting];

const contract = { specificationVersion: 'keyring-v1', provider: 'x', name: 'x', wrap: () => null, unwrap: () => null };

const wrongEverywhere: readonly (readonly [string, unknown, string])[] = [
  ['no options', undefined, 'options'],
  ['null', null, 'options'],
  ['options that are a keyring by mistake', keyring, 'options.keyring'],
  ['no keyring', {}, 'options.keyring'],
  ['a keyring that is null', { keyring: null }, 'options.keyring'],
  ['a key in place of a keyring', { keyring: new Uint8Array(32) }, 'options.keyring'],
  ['a keyring that cannot wrap', { keyring: { ...contract, wrap: undefined } }, 'options.keyring'],
  ['a keyring that cannot unwrap', { keyring: { ...contract, unwrap: undefined } }, 'options.keyring'],
  ['a keyring of another contract', { keyring: { ...contract, specificationVersion: 'keyring-v2' } }, 'options.keyring'],
  ['a keyring of no contract', { keyring: { ...contract, specificationVersion: undefined } }, 'options.keyring'],
  ['limits that are none', { keyring, limits: { headerBytes: -1 } }, 'options.limits.headerBytes'],
  ['limits that are a number', { keyring, limits: 65_536 }, 'options.limits'],
  ['limits that are null', { keyring, limits: null }, 'options.limits'],
  ['a signal that is null', { keyring, signal: null }, 'options.signal'],
  ['a controller in place of its signal', { keyring, signal: new AbortController() }, 'options.signal'],
  ['a signal that is a flag', { keyring, signal: true }, 'options.signal'],
];

const wrongToEncrypt: readonly (readonly [string, Options, string])[] = [
  ...[0, 1, -4096, 2048, 4095, 4097, 5000, 33_554_432, 4096.5, Number.NaN, Number.POSITIVE_INFINITY].map(
    (segmentSize) => [`a segment size of ${segmentSize}`, { segmentSize }, 'options.segmentSize'] as const,
  ),
  ...['65536', null, [65_536], {}].map(
    (segmentSize) => [`a segment size that is ${typeof segmentSize}: ${print(segmentSize)}`, { segmentSize }, 'options.segmentSize'] as const,
  ),
  ...[-1, 65_536, 0.5, Number.NaN, '16', {}].map(
    (headerPadding) => [`a padding of ${print(headerPadding)}`, { headerPadding }, 'options.headerPadding'] as const,
  ),
];

const wrongToStream: readonly (readonly [string, Options, string])[] = [-1, 0.5, 2 ** 52 + 1, Number.NaN, '5', null, {}].map(
  (plaintextLength) => [`a length of ${print(plaintextLength)}`, { plaintextLength }, 'options.plaintextLength'],
);

describe.each(both)('%s refuses', (_name, call) => {
  it.each(wrongEverywhere)('%s', async (_what, options, argument) => {
    const error = await failure(() => call(options), 'invalid-argument');
    expect(error.details).toEqual({ argument });
    expect(error.message.startsWith(`${argument}: `), error.message).toBe(true);
  });
});

describe.each(encrypting)('%s refuses', (_name, call) => {
  it.each(wrongToEncrypt)('%s', async (_what, options, argument) => {
    const error = await failure(() => call({ keyring, ...options }), 'invalid-argument');
    expect(error.details).toEqual({ argument });
  });
});

describe.each(encrypting.slice(2))('%s refuses', (_name, call) => {
  it.each(wrongToStream)('%s', async (_what, options, argument) => {
    const error = await failure(() => call({ keyring, ...options }), 'invalid-argument');
    expect(error.details).toEqual({ argument });
  });
});

const notBytes: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', 'plaintext'],
  ['an array of numbers', [1, 2, 3]],
  ['an ArrayBuffer', new ArrayBuffer(8)],
  ['a DataView', new DataView(new ArrayBuffer(8))],
  ['an array of 16-bit numbers', new Uint16Array(8)],
  ['a clamped array', new Uint8ClampedArray(8)],
  ['an object with a length', { length: 3 }],
];

describe.each<[string, string, (bytes: never) => unknown]>([
  ['plaintext', 'encrypt', async (bytes) => await encrypt(bytes, { keyring })],
  ['plaintext', 'encryptDetached', async (bytes) => await encryptDetached(bytes, { keyring })],
  ['envelope', 'decrypt', async (bytes) => await decrypt(bytes, { keyring })],
  ['envelope.header', 'decryptDetached', async (bytes) => await decryptDetached({ header: bytes, payload: detached.payload }, { keyring })],
  ['envelope.payload', 'decryptDetached', async (bytes) => await decryptDetached({ header: detached.header, payload: bytes }, { keyring })],
  ['bytes', 'inspect', (bytes) => inspect(bytes)],
])('%s of %s', (argument, _name, call) => {
  it.each(notBytes)('is not %s', async (_what, bytes) => {
    const error = await failure(() => call(bytes as never), 'invalid-argument');
    expect(error.details).toEqual({ argument });
    expect(error.message).toContain(typeof bytes === 'string' ? 'TextEncoder' : 'Uint8Array');
  });
});

describe('a detached header', () => {
  it.each(notBytes.slice(1))('is not %s', async (_what, header) => {
    const error = await failure(() => decryptStream({ keyring, header: header as never }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.header' });
  });

  it.each([null, undefined, 7])('is in an envelope, not in %s', async (pair) => {
    const error = await failure(decryptDetached(pair as never, { keyring }), 'invalid-argument');
    expect(error.details.argument).toMatch(/^envelope/);
  });
});

describe('inspect', () => {
  it.each([-1, 0.5, Number.NaN, '100', {}])('refuses a payload length of %s', async (payloadLength) => {
    const error = await failure(() => inspect(envelope, { payloadLength: payloadLength as never }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.payloadLength' });
  });

  it('refuses limits that are none', async () => {
    const error = await failure(() => inspect(envelope, { limits: { headerBytes: -1 } }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.limits.headerBytes' });
  });
});

describe('after all that was refused', () => {
  it('no keyring was called', () => {
    expect(keyring.operations).toEqual([]);
  });
});
