import { describe, expect, it } from 'vitest';
import { parseHeader } from '../../src/format/header.js';
import { resolveLimits } from '../../src/format/limits.js';
import { failure } from '../support/failure.js';
import { rawHeader } from '../support/raw-header.js';
import type { RawHeader } from '../support/raw-header.js';

const limits = resolveLimits({}, 'limits');

describe('a header of a later version of the format', () => {
  it.each([
    ['version', '2', { version: 2 }],
    ['version', '0', { version: 0 }],
    ['version', '2', { version: 2, headerLength: 0xffffffff }],
    ['suite', '0x0002', { suite: 2 }],
    ['suite', '0x0100', { suite: 0x100, segmentLog2: 99, flags: 7 }],
    ['flags', '0x80', { flags: 0x80 }],
    ['flags', '0x01', { flags: 1, contextCount: 65_535 }],
    ['context-key', 'keyfold:compression', { context: [{ key: 'keyfold:compression', value: 'zstd' }] }],
    ['context-key', 'keyfold:', { context: [{ key: 'a' }, { key: 'keyfold:', kind: 1 }] }],
  ] satisfies [string, string, RawHeader][])('is refused as unsupported by its %s %s: %j', async (feature, found, fields) => {
    const error = await failure(() => parseHeader(rawHeader(fields), limits), 'unsupported');
    expect(error.details).toEqual({ feature, found });
    expect(error.message).toContain(found);
  });

  it('is not taken for one when it does not begin with the magic', async () => {
    await failure(() => parseHeader(rawHeader({ magic: 'KEYFILE', version: 2 }), limits), 'malformed');
  });
});
