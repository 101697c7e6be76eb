/** The published vectors, opened with the local keys that they were written under. The core replays the rest of them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decrypt, decryptDetached, fromText, isKeyfoldError } from '@keyfold/core';
import type { DecryptOptions } from '@keyfold/core';
import type { Keyring } from '@keyfold/core/keyring';
import { expect, it } from 'vitest';
import { rawAesKeyring, rawRsaKeyring } from '../src/index.js';

const folder = new URL('../../../vectors/', import.meta.url);

type Text = string | { readonly repeat: string; readonly times: number };

interface Kek {
  readonly id: string;
  readonly name: string;
  /** 32 bytes in hexadecimal, for AES. */
  readonly key?: string;
  /** The path of a PEM file, for RSA. */
  readonly private_key?: string;
}

interface Vector {
  readonly name: string;
  readonly input: Readonly<Record<string, string>>;
  readonly context?: readonly (readonly [Text, Text])[] | 'unchecked';
  readonly limits?: Readonly<Record<string, number>>;
  readonly keks: readonly string[];
  readonly expect: {
    readonly plaintext?: { readonly length: number; readonly sha256: string };
    readonly error?: string;
    /** What readers may say instead that judge a payload by its length alone. */
    readonly by_length?: unknown;
  };
}

const index = JSON.parse(read('index.json').toString()) as { readonly keks: readonly Kek[]; readonly vectors: readonly Vector[] };
const keyrings = new Map(index.keks.map((kek) => [kek.id, keyringOf(kek)]));
const cases = index.vectors.flatMap((vector) => vector.keks.map((kek) => ({ ...vector, kek })));

it.each(cases)('$name, with the key $kek', async ({ kek, expect: expected, ...vector }) => {
  const keyring = keyrings.get(kek) as Keyring;
  const { plaintext, by_length: _byLength, ...failure } = expected;
  if (plaintext !== undefined) {
    const opened = await open(vector, keyring);
    expect(opened).toHaveLength(plaintext.length);
    expect(createHash('sha256').update(opened).digest('hex')).toBe(plaintext.sha256);
    return;
  }
  const { released: _released, ...details }: Record<string, unknown> = failure;
  const error: unknown = await open(vector, keyring).catch((thrown: unknown) => thrown);
  if (!isKeyfoldError(error)) throw new Error('It was not refused by an error of Keyfold.', { cause: error });
  expect({ error: error.code, ...error.details }).toMatchObject(details);
});

it('uses every local key of the vectors but those of the shares of quorums', () => {
  const unused = index.keks.filter(({ id }) => !cases.some(({ kek }) => kek === id));
  expect(unused.map(({ id }) => id)).toEqual(['share-1', 'share-2', 'share-3']);
});

async function open(vector: Pick<Vector, 'input' | 'context' | 'limits'>, keyring: Keyring): Promise<Uint8Array> {
  const { envelope, text, header, text_header, payload } = vector.input;
  const options: DecryptOptions = { keyring, context: contextOf(vector.context), limits: vector.limits ?? {} };
  const bytesOf = (path: string | undefined, textPath: string | undefined): Uint8Array =>
    path === undefined ? fromText(read(textPath ?? '').toString('latin1')) : read(path);
  if (payload === undefined) return await decrypt(bytesOf(envelope, text), options);
  return await decryptDetached({ header: bytesOf(header, text_header), payload: read(payload) }, options);
}

function contextOf(context: Vector['context'] = []): NonNullable<DecryptOptions['context']> {
  if (context === 'unchecked') return context;
  return new Map(context.map(([key, value]) => [expand(key), expand(value)]));
}

function expand(text: Text): string {
  return typeof text === 'string' ? text : text.repeat.repeat(text.times);
}

function keyringOf({ name, key, private_key }: Kek): Keyring {
  if (key !== undefined) return rawAesKeyring({ name, key: Buffer.from(key, 'hex') });
  return rawRsaKeyring({ name, privateKey: read(private_key ?? '').toString() });
}

function read(path: string): Buffer {
  return readFileSync(new URL(path, folder));
}
