import fc from 'fast-check';
import type { ContextEntry } from '../../src/format/context-entries.js';
import type { Identity } from '../../src/format/identity.js';
import { encodeQuorum } from '../../src/format/quorum.js';
import type { WrappedKey } from '../../src/format/wrapped-key.js';
import type { Wrapping } from '../../src/format/wrapping.js';
import { hex, utf8 } from './bytes.js';

/** Any Unicode text that has a UTF-8 form: no lone surrogates. */
export const text = (constraints: fc.StringSharedConstraints): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: 'binary' });

const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const providerCharacter = fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz0123456789-'));

/** The order of byte strings, by a way of its own: hexadecimal digits are in the order of the bytes. */
export function inByteOrder(a: string, b: string): number {
  const [left, right] = [hex(utf8(a)), hex(utf8(b))];
  return left < right ? -1 : left > right ? 1 : 0;
}

const contextEntry: fc.Arbitrary<ContextEntry> = fc
  .record({ key: text({ minLength: 1, maxLength: 12 }), value: text({ maxLength: 20 }), external: fc.boolean() })
  .filter(({ key }) => !key.startsWith('keyfold:'))
  .map(({ key, value, external }) =>
    external ? { key, kind: 'external', value: '' } : { key, kind: 'embedded', value },
  );

export const contextEntries: fc.Arbitrary<ContextEntry[]> = fc
  .uniqueArray(contextEntry, { maxLength: 8, selector: ({ key }) => key })
  .map((entries) => entries.sort((a, b) => inByteOrder(a.key, b.key)));

const wrappedKey: fc.Arbitrary<WrappedKey> = fc.record({
  provider: fc
    .string({ unit: providerCharacter, minLength: 1, maxLength: 16 })
    .filter((provider) => provider !== 'quorum'),
  keyId: fc.string({ unit: printable, minLength: 1, maxLength: 40 }),
  keyVersion: fc.string({ unit: printable, maxLength: 8 }),
  algorithm: fc.string({ unit: printable, minLength: 1, maxLength: 20 }),
  ciphertext: fc.uint8Array({ minLength: 1, maxLength: 80 }),
});

const distinctKeys = (minLength: number, maxLength: number): fc.Arbitrary<WrappedKey[]> =>
  fc.uniqueArray(wrappedKey, { minLength, maxLength, selector: identityOf });

/** Wrapped keys of a header: some of them pending, some of them the shares of a quorum. */
export const wrappedKeys: fc.Arbitrary<WrappedKey[]> = fc
  .record({
    keys: distinctKeys(1, 12),
    pending: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    shares: fc.option(fc.integer({ min: 2, max: 5 })),
    threshold: fc.integer({ min: 2, max: 5 }),
  })
  .map(({ keys, pending, shares, threshold }) => {
    const inQuorum = shares !== null && keys.length > shares ? keys.slice(1) : [];
    const top = inQuorum.length > 0 ? keys.slice(0, 1) : keys;
    const withPending = top.map((key, i) => (i > 0 && pending[i] === true ? asPending(key) : key));
    if (shares !== null && inQuorum.length > 0) withPending.push(quorumOf(inQuorum, shares, Math.min(threshold, shares)));
    return distinct(withPending).sort(compareKeys);
  });

export const identity: fc.Arbitrary<Identity> = fc.record({
  suite: fc.constant(1),
  segmentLog2: fc.integer({ min: 12, max: 24 }),
  flags: fc.constant(0),
  messageId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  context: contextEntries,
});

export const wrapping: fc.Arbitrary<Wrapping> = fc.record({
  revision: fc.integer({ min: 0, max: 0xffffffff }),
  wrappedKeys,
  paddingLength: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })),
});

function identityOf({ provider, keyId, keyVersion }: WrappedKey): string {
  return JSON.stringify([provider, keyId, keyVersion]);
}

/** A pending key loses its version, and may then be another's twin. */
function distinct(keys: readonly WrappedKey[]): WrappedKey[] {
  return [...new Map(keys.toReversed().map((key) => [identityOf(key), key])).values()];
}

function asPending({ provider, keyId }: WrappedKey): WrappedKey {
  return { provider, keyId, keyVersion: '', algorithm: '', ciphertext: new Uint8Array(0) };
}

function quorumOf(keys: readonly WrappedKey[], shares: number, threshold: number): WrappedKey {
  const ciphertext = encodeQuorum({
    threshold,
    shares: Array.from({ length: shares }, (_, share) => ({
      index: share * 7 + 1,
      wrappedKeys: keys.filter((_key, i) => i % shares === share),
    })),
  });
  return { provider: 'quorum', keyId: 'policy', keyVersion: '', algorithm: 'SHAMIR-GF256', ciphertext };
}

function compareKeys(a: WrappedKey, b: WrappedKey): number {
  return (
    inByteOrder(a.provider, b.provider) || inByteOrder(a.keyId, b.keyId) || inByteOrder(a.keyVersion, b.keyVersion)
  );
}
