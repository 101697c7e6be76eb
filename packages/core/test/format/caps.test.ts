import { describe, expect, it } from 'vitest';
import { decrypt, decryptStream, inspect } from '../../src/index.js';
import { encodeHeader, parseHeader } from '../../src/format/header.js';
import { resolveLimits } from '../../src/format/limits.js';
import type { Limits } from '../../src/format/limits.js';
import { largestAllocation } from '../support/allocations.js';
import { concat, cut } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { rawHeader } from '../support/raw-header.js';
import type { RawHeader } from '../support/raw-header.js';
import { collectUntilFailure, streamOf } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const defaults = resolveLimits({}, 'limits');
const KIB = 1024;

describe('the caps on a header', () => {
  it.each([65_537, 2 ** 20, 0x7fffffff, 0x80000000, 0xffffffff])('refuse a length of %i before anything else', async (headerLength) => {
    const error = await failure(() => parseHeader(rawHeader({ headerLength, suite: 99 }), defaults), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'headerBytes', maximum: 65_536, actual: headerLength });
    expect(error.message).toContain('limits.headerBytes');
  });

  it('apply to a length of which only the first 12 bytes have arrived', async () => {
    const prelude = rawHeader({ headerLength: 0xffffffff }).subarray(0, 12);
    await failure(() => parseHeader(prelude, defaults), 'limit-exceeded');
  });

  it('let a length pass that is exactly the cap', () => {
    const bytes = rawHeader({ padding: new Uint8Array(65_536 - 94) });
    expect(bytes.length).toBe(65_536);
    expect(parseHeader(bytes, defaults).length).toBe(65_536);
  });

  it('can be raised and lowered', async () => {
    const bytes = rawHeader({ padding: new Uint8Array(65_535) });
    expect(inspect(bytes, { limits: { headerBytes: bytes.length } }).headerPadding).toBe(65_535);
    const error = await failure(() => inspect(bytes, { limits: { headerBytes: bytes.length - 1 } }), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'headerBytes', maximum: bytes.length - 1, actual: bytes.length });
  });

  it.each([
    ['contextEntries', 64, { contextCount: 65 }, 65],
    ['contextEntries', 64, { contextCount: 65_535 }, 65_535],
    ['contextBytes', 8_192, { context: [{ key: 'a', value: 'x'.repeat(8_186) }] }, 8_193],
  ] satisfies [string, number, RawHeader, number][])('refuse too much of %s (%i): %j', async (limit, maximum, fields, actual) => {
    const error = await failure(() => parseHeader(rawHeader(fields), defaults), 'limit-exceeded');
    expect(error.details).toEqual({ limit, maximum, actual });
    expect(error.message).toContain(`limits.${limit}`);
  });

  it('let a context pass that is exactly as large as they say', () => {
    const context = Array.from({ length: 64 }, (_, i) => ({ key: String(i).padStart(4, '0'), value: 'x'.repeat(i < 62 ? 120 : 119) }));
    const { identity } = parseHeader(rawHeader({ context }), defaults);
    expect(identity.context).toHaveLength(64);
    const full = [{ key: 'a', value: 'x'.repeat(8_192 - 2 - 4 - 1) }];
    expect(parseHeader(rawHeader({ context: full }), defaults).identity.context).toHaveLength(1);
  });

  it('apply to what is written', async () => {
    const { identity, wrapping } = parseHeader(rawHeader({ padding: new Uint8Array(100) }), defaults);
    const exactly: Limits = { ...defaults, headerBytes: 194 };
    expect(encodeHeader(identity, wrapping, exactly)).toHaveLength(194);
    const error = await failure(() => encodeHeader(identity, wrapping, { ...defaults, headerBytes: 193 }), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'headerBytes', maximum: 193, actual: 194 });
  });
});

describe('a hostile length', () => {
  const hostile: readonly (readonly [string, Uint8Array])[] = [
    ['header_length', rawHeader({ headerLength: 0xffffffff })],
    ['header_length at the cap', rawHeader({ headerLength: 65_536 })],
    ['context_count', rawHeader({ contextCount: 65_535 })],
    ['wrapped_count', rawHeader({ wrappedCount: 65_535 })],
    ['padding', rawHeader({ paddingLength: 65_535 })],
    ['a context key', rawHeader({ contextCount: 1, revision: 0xffffffff })],
  ];

  it.each(hostile)('makes no parser reserve memory: %s', async (_field, bytes) => {
    const keyring = new TestKeyring();
    const largest = await largestAllocation(async () => { refusal(await thrownBy(decrypt(bytes, { keyring }))); });
    // The same bytes without the hostile field take as much; a few error texts are all that is made.
    expect(largest).toBeLessThan(KIB);
    expect(keyring.operations).toEqual([]);
  });

  it.each(hostile)('makes no stream reserve more than the cap: %s', async (_field, bytes) => {
    const keyring = new TestKeyring();
    const largest = await largestAllocation(async () => {
      const { error } = await collectUntilFailure(streamOf(...cut(bytes, 5)).pipeThrough(decryptStream({ keyring })));
      refusal(error);
    });
    expect(largest).toBeLessThanOrEqual(65_536);
    expect(keyring.operations).toEqual([]);
  });

  it('of a payload segment makes nobody reserve more than one segment', async () => {
    const keyring = new TestKeyring();
    const bytes = concat(rawHeader({ segmentLog2: 24 }), new Uint8Array(100));
    const largest = await largestAllocation(async () => { refusal(await thrownBy(decrypt(bytes, { keyring }))); });
    expect(largest).toBeLessThan(KIB);
  });
});

const REFUSALS = ['limit-exceeded', 'malformed', 'truncated', 'no-matching-key'];

function refusal(error: unknown): void {
  expect(REFUSALS).toContain((error as { code?: unknown }).code);
}
