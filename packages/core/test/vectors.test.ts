import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FORMAT_RULES } from '../src/errors/format-rule.js';
import { bytesSource, decrypt, decryptDetached, decryptStream, inspect, isKeyfoldError, openEnvelope } from '../src/index.js';
import type { DecryptOptions, EnvelopeInfo, WrappedKeyInfo } from '../src/index.js';
import { decryptFile } from '../src/node.js';
import { concat, copy, hex } from './support/bytes.js';
import { knowsDataKey } from './support/knows-data-key.js';
import { bytesOf, callerOf, expand, index, vectorsFolder } from './support/vectors.js';
import type { HeaderFields, Vector, WrappedKeyFields } from './support/vectors.js';

/** What came out of an opening. */
interface Outcome {
  readonly plaintext: Uint8Array;
  /** None if it ended well. */
  readonly error?: unknown;
}

const nothing: Outcome = { plaintext: new Uint8Array(0) };

type Open = (bytes: ReturnType<typeof bytesOf>, options: DecryptOptions) => Promise<Outcome>;

/** Errors that must come before the keyring is asked. */
const beforeKeyring = new Set([
  'unsupported',
  'limit-exceeded',
  'context-mismatch',
  'context-required',
  'external-context-missing',
]);

const folder = mkdtempSync(join(tmpdir(), 'keyfold-vectors-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const withDataKey = index.vectors.filter(({ data_key }) => data_key !== undefined);

describe.each<[string, Open, readonly Vector[]]>([
  ['whole', openWhole, withDataKey],
  ['streamed in pieces of 997 bytes', openInPieces(997), withDataKey],
  ['streamed in pieces of 65,521 bytes', openInPieces(65_521), withDataKey],
  ['streamed byte by byte', openInPieces(1), withDataKey],
  ['as files', openFiles, withDataKey],
  ['by ranges, backwards', openRanges, withDataKey],
])('the vectors, %s', (how, open, vectors) => {
  it.each(vectors)('$name: $about', async (vector) => {
    let keyringCalls = 0;
    const keyring = knowsDataKey(Buffer.from(vector.data_key ?? '', 'hex'));
    const counting = {
      ...keyring,
      unwrap: async (request: Parameters<typeof keyring.unwrap>[0]) => {
        keyringCalls++;
        return await keyring.unwrap(request);
      },
    };
    const outcome = await attempt(async () => await open(bytesOf(vector), { ...callerOf(vector), keyring: counting }));
    const { plaintext, released, header: _header, keys: _keys, by_length: _byLength, ...expected } = vector.expect;
    if (plaintext !== undefined) {
      expect(outcome.error).toBeUndefined();
      expect(outcome.plaintext).toHaveLength(plaintext.length);
      expect(createHash('sha256').update(outcome.plaintext).digest('hex')).toBe(plaintext.sha256);
      return;
    }
    // Whoever reads ranges opens the last segment first, and may meet another damaged one.
    const anySegment = how.startsWith('by ranges') && expected.error === 'payload-damaged';
    expect(describeError(outcome.error)).toMatchObject(anySegment ? { error: expected.error } : expected);
    expect(hex(outcome.plaintext)).toBe(hex(plaintextOf(how.startsWith('streamed') ? (released ?? 0) : 0)));
    const early = beforeKeyring.has(expected.error ?? '') || (expected.error === 'malformed' && released === undefined);
    if (early) expect(keyringCalls).toBe(0);
  });
});

describe('inspect', () => {
  const described = index.vectors.filter(({ expect: { header } }) => header !== undefined);

  it.each(described)('says what is in the header of $name', (vector) => {
    const { header, rest } = bytesOf(vector);
    const { payload: _payload, ...info } = inspect(header ?? rest, { limits: vector.limits ?? {} });
    expect(info).toEqual(infoOf(vector.expect.header as HeaderFields));
  });

  const ofHeaders = ['malformed', 'unsupported', 'truncated', 'limit-exceeded'];
  const refused = index.vectors.filter(
    ({ name, input, expect: { error, released } }) =>
      input.envelope !== undefined &&
      released === undefined &&
      ofHeaders.includes(error ?? '') &&
      // The value that is too long is the caller's, and no inspection asks for it.
      name !== 'limit-context-external',
  );

  it.each(refused)('refuses $name as opening it does', async (vector) => {
    const { error } = await attempt(() => {
      inspect(bytesOf(vector).rest, { limits: vector.limits ?? {} });
      return nothing;
    });
    expect(describeError(error)).toMatchObject(vector.expect);
  });

  it.each(index.payload_lengths)('of $payload_length payload bytes in segments of 2^$segment_log2', async (length) => {
    const { segment_log2, payload_length, segments, plaintext_length, ...failure } = length;
    const vector = described.find(({ input, expect: { header } }) => input.envelope !== undefined && header?.segment_log2 === segment_log2);
    const envelope = bytesOf(vector as Vector).rest;
    const header = envelope.subarray(0, inspect(envelope).headerLength);
    let info: EnvelopeInfo | undefined;
    const { error } = await attempt(() => {
      info = inspect(header, { payloadLength: payload_length });
      return nothing;
    });
    if (failure.error === undefined) {
      expect(info?.payload).toEqual({ length: payload_length, segments, plaintextLength: plaintext_length });
    } else {
      expect(describeError(error)).toMatchObject(failure);
    }
  });
});

describe('the published vectors', () => {
  it('have one for every rule of the format, named after it', () => {
    const broken = index.vectors.filter(({ expect: { error } }) => error === 'malformed');
    expect(new Set(broken.filter(({ name, expect: { rule } }) => name === rule).map(({ name }) => name))).toEqual(
      new Set(FORMAT_RULES),
    );
  });

  it('use every file, and no file that is not there', () => {
    const used = new Set(index.vectors.flatMap(({ input }) => Object.values(input)));
    const present = ['positive', 'negative'].flatMap((kind) =>
      readdirSync(join(vectorsFolder, kind)).map((file) => `${kind}/${file}`),
    );
    expect([...used].sort()).toEqual(present.sort());
  });

  it('are what their script makes', () => {
    expect(() => execFileSync(process.execPath, [join(vectorsFolder, 'make.mjs'), '--check'])).not.toThrow();
  });
});

describe('the specification', () => {
  const page = readFileSync(join(vectorsFolder, '../docs/spec/envelope-v1.md'), 'utf8');

  it('states every rule of the format, once', () => {
    const section = page.slice(page.indexOf('\n## Rules\n'));
    const stated = [...section.slice(0, section.indexOf('\n## ', 1)).matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, rule]) => rule);
    expect(stated.sort()).toEqual([...FORMAT_RULES].sort());
  });

  const example = index.vectors.find(({ name }) => name === 'worked-example') as Vector;
  const shown = page.slice(page.indexOf('\n## Worked example\n'), page.indexOf('\n## Versions and extensions\n'));

  it('has every section that a comment in the code names', () => {
    const packages = join(vectorsFolder, '../packages');
    const sources = readdirSync(packages)
      .map((name) => join(packages, name, 'src'))
      .filter((source) => existsSync(source))
      .flatMap((source) => readdirSync(source, { recursive: true, encoding: 'utf8' }).map((file) => join(source, file)))
      .filter((file) => file.endsWith('.ts'));
    const text = sources.map((file) => readFileSync(file, 'utf8').replaceAll(/\s*\n\s*\*\s/g, ' ')).join('\n');
    const named = new Set([...text.matchAll(/specification, "([^"]+)"/gi)].map(([, title = '']) => title));
    const titles = new Set([...page.matchAll(/^##+ (.+)$/gm)].map(([, title]) => title));
    expect(named.size).toBeGreaterThan(10);
    expect([...named].filter((title) => !titles.has(title))).toEqual([]);
  });

  it('shows the keys of the worked example as they are', () => {
    expect(shown).toContain(`\`${example.data_key ?? ''}\``);
    for (const value of Object.values(example.expect.keys ?? {})) expect(shown).toContain(`\`${value}\``);
  });

  it('shows every byte of the worked example at its offset', () => {
    const header: string[] = [];
    const payload: string[] = [];
    let table = header;
    for (const [, offset = '', bytes = ''] of shown.matchAll(/^\| (\d+) \| ([^|]*) \|/gm)) {
      if (offset === '0' && header.length > 0) table = payload;
      expect(Number(offset)).toBe(table.join('').length / 2);
      table.push(bytes.replaceAll(/[` ]/g, ''));
    }
    expect([...header, ...payload].join('')).toBe(hex(bytesOf(example).rest));
    expect(header.join('').length / 2).toBe(example.expect.header?.header_length);
  });
});

async function openWhole({ header, rest }: ReturnType<typeof bytesOf>, options: DecryptOptions): Promise<Outcome> {
  return { plaintext: await (header ? decryptDetached({ header, payload: rest }, options) : decrypt(rest, options)) };
}

function openInPieces(size: number): Open {
  return async ({ header, rest }, options) => {
    const released: Uint8Array[] = [];
    const { error } = await attempt(async () => {
      const transform = decryptStream(header ? { ...options, header } : options);
      for await (const chunk of inPieces(rest, size).pipeThrough(transform)) released.push(chunk);
      return nothing;
    });
    return { plaintext: concat(...released), error };
  };
}

async function openFiles({ header, rest }: ReturnType<typeof bytesOf>, options: DecryptOptions): Promise<Outcome> {
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('source'), rest);
  writeFileSync(path('header'), header ?? '');
  rmSync(path('target'), { force: true });
  const { error } = await attempt(async () => {
    await decryptFile(path('source'), path('target'), header ? { ...options, header: path('header') } : options);
    return nothing;
  });
  // Nothing is left of a plaintext that was refused, under its own name or another.
  expect(readdirSync(folder).sort()).toEqual(error === undefined ? ['header', 'source', 'target'] : ['header', 'source']);
  return { plaintext: existsSync(path('target')) ? readFileSync(path('target')) : new Uint8Array(0), error };
}

/** A stream of the bytes, `size` of them at a time. */
function inPieces(bytes: Uint8Array, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(copy(bytes.subarray(at, (at += size))));
    },
  });
}

async function openRanges({ header, rest }: ReturnType<typeof bytesOf>, options: DecryptOptions): Promise<Outcome> {
  const reader = await openEnvelope(bytesSource(rest), header ? { ...options, header } : options);
  try {
    const pieces: Uint8Array[] = [];
    for (let end = reader.length; end > 0; end -= Math.min(end, 1999)) {
      const offset = Math.max(0, end - 1999);
      pieces.unshift(await reader.read(offset, end - offset));
    }
    return { plaintext: concat(...pieces) };
  } finally {
    reader.close();
  }
}

async function attempt(work: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return { plaintext: new Uint8Array(0), error };
  }
}

/** An error as the index writes it: its code and details. Any other error than one of Keyfold is thrown on. */
function describeError(error: unknown): Record<string, unknown> {
  if (!isKeyfoldError(error)) throw new Error('It was not refused by an error of Keyfold.', { cause: error });
  return { error: error.code, ...error.details };
}

/** Byte i of every vector's plaintext is i mod 251. */
function plaintextOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

function infoOf(header: HeaderFields): EnvelopeInfo {
  return {
    formatVersion: 1,
    suite: header.suite,
    messageId: header.message_id,
    segmentSize: 2 ** header.segment_log2,
    context: header.context.map(({ key, kind, value = '' }) => ({
      key: expand(key),
      kind: kind === 'external' ? 'external' : 'embedded',
      value: expand(value),
    })),
    revision: header.revision,
    wrappedKeys: header.wrapped_keys.map(wrappedKeyInfoOf),
    headerLength: header.header_length,
    headerPadding: header.padding_length,
  };
}

function wrappedKeyInfoOf(key: WrappedKeyFields): WrappedKeyInfo {
  const { threshold, shares } = key;
  return {
    provider: key.provider,
    keyId: expand(key.key_id),
    keyVersion: key.key_version,
    algorithm: key.algorithm,
    ciphertextLength: key.ciphertext_length,
    pending: key.ciphertext_length === 0,
    ...(threshold !== undefined &&
      shares !== undefined && {
        quorum: {
          threshold,
          shares: shares.map(({ x, wrapped_keys }) => ({ index: x, wrappedKeys: wrapped_keys.map(wrappedKeyInfoOf) })),
        },
      }),
  };
}
