/** The published vectors with quorums, opened with the keys of their shares; a writer of its own has made them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decrypt, isKeyfoldError } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { rawAesKeyring, rawRsaKeyring } from '@keyfold/local-raw';
import { expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';

const folder = new URL('../../../vectors/', import.meta.url);

interface Kek {
  readonly id: string;
  readonly name: string;
  /** 32 bytes in hexadecimal, for AES. */
  readonly key?: string;
  /** The path of a PEM file, for RSA. */
  readonly private_key?: string;
}

interface ReaderQuorum {
  readonly key_id: string;
  readonly threshold: number;
  readonly keks: readonly string[];
}

interface Vector {
  readonly name: string;
  readonly input: { readonly envelope: string };
  readonly context?: readonly (readonly [string, string])[];
  readonly quorums?: readonly ReaderQuorum[];
  readonly expect: { readonly plaintext?: { readonly length: number; readonly sha256: string }; readonly error?: string };
}

const index = JSON.parse(read('index.json').toString()) as { readonly keks: readonly Kek[]; readonly vectors: readonly Vector[] };
const keyrings = new Map(index.keks.map((kek) => [kek.id, keyringOf(kek)]));
const cases = index.vectors.flatMap((vector) =>
  (vector.quorums ?? []).map((reader) => ({ ...vector, reader, who: `${reader.threshold} of ${reader.keks.join(', ')}` })),
);

it.each(cases)('$name, with $who', async ({ input, context = [], reader, expect: { plaintext, error } }) => {
  const { key_id: name, threshold, keks } = reader;
  const shares = keks.map((id) => keyrings.get(id) as Keyring);
  const opening = decrypt(read(input.envelope), { keyring: quorumKeyring({ name, threshold, shares }), context: new Map(context) });
  if (plaintext === undefined) {
    const thrown: unknown = await opening.catch((caught: unknown) => caught);
    if (!isKeyfoldError(thrown)) throw new Error('It was not refused by an error of Keyfold.', { cause: thrown });
    expect(thrown.code).toBe(error);
    return;
  }
  const opened = await opening;
  expect(opened).toHaveLength(plaintext.length);
  expect(createHash('sha256').update(opened).digest('hex')).toBe(plaintext.sha256);
});

it('there are vectors that open, and vectors that must not', () => {
  expect(cases.filter(({ expect: { plaintext } }) => plaintext !== undefined).length).toBeGreaterThan(10);
  expect(new Set(cases.map(({ expect: { error } }) => error))).toEqual(new Set([undefined, 'unwrap-failed', 'no-matching-key']));
});

function keyringOf({ name, key, private_key }: Kek): Keyring {
  if (key !== undefined) return rawAesKeyring({ name, key: Buffer.from(key, 'hex') });
  return rawRsaKeyring({ name, privateKey: read(private_key ?? '').toString() });
}

function read(path: string): Buffer {
  return readFileSync(new URL(path, folder));
}
