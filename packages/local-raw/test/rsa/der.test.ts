import { refusal } from '@keyfold/keyring-testkit/helpers';
import { rawRsaKeyring } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { DER, DerReader } from '../../src/rsa/der.js';
import { rsaPair, spkiDer } from '../support/rsa-keys.js';

/** One element, its length in the shortest form. */
function element(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Uint8Array.of(tag, ...length, ...content);
}

describe('a DER element', () => {
  it.each([0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff])('of %i bytes is read whole, and the next one after it', (length) => {
    const content = new Uint8Array(length).fill(7);
    const reader = new DerReader(Uint8Array.of(...element(DER.octetString, content), ...element(DER.integer, Uint8Array.of(9))));
    expect(reader.nextTag).toBe(DER.octetString);
    expect(reader.read(DER.octetString)).toEqual(content);
    expect(reader.read(DER.integer)).toEqual(Uint8Array.of(9));
    expect(reader.nextTag).toBeUndefined();
  });

  it('of three bytes of length is read', () => {
    const reader = new DerReader(Uint8Array.of(DER.octetString, 0x83, 0x01, 0x00, 0x00, ...new Uint8Array(65_536)));
    expect(reader.read(DER.octetString)).toHaveLength(65_536);
  });

  it.each([
    ['that is another one', [0x04, 1, 7]],
    ['that is not there', []],
    ['without a length', [0x02]],
    ['of indefinite length', [0x02, 0x80, ...new Array<number>(128).fill(7), 0, 0]],
    ['with a length that is cut off', [0x02, 0x82, 1]],
    ['with a length in too many bytes', [0x02, 0x81, 1, 7]],
    ['with a length that begins with zero', [0x02, 0x82, 0x00, 0xff, ...new Array<number>(255).fill(7)]],
    ['with the least length that needs two bytes, in three', [0x02, 0x82, 0x00, 0x80, ...new Array<number>(128).fill(7)]],
    ['with a length of four bytes', [0x02, 0x84, 0, 0, 0, 1, 7]],
    ['with a length of four bytes that begins high', [0x02, 0x84, 1, 0, 0, 0, 7]],
    ['with the reserved length', [0x02, 0xff, ...new Array<number>(127).fill(1)]],
    ['that is shorter than its length', [0x02, 2, 7]],
  ])('%s is refused', (_, bytes) => {
    expect(() => new DerReader(Uint8Array.from(bytes)).read(DER.integer)).toThrow(RangeError);
  });
});

describe('an SPKI', () => {
  const { publicKey } = rsaPair();
  const { n = '' } = publicKey.export({ format: 'jwk' });
  const modulus = Buffer.from(n, 'base64url');
  const RSA_ENCRYPTION = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
  const spki = (oid: number[], n: Uint8Array, e: Uint8Array): Uint8Array => {
    const numbers = element(DER.sequence, element(DER.integer, n), element(DER.integer, e));
    const algorithm = element(DER.sequence, element(DER.objectIdentifier, Uint8Array.from(oid)), Uint8Array.of(5, 0));
    return element(DER.sequence, algorithm, element(DER.bitString, Uint8Array.of(0), numbers));
  };
  const positive = Uint8Array.of(0, ...modulus);
  const exponent = Uint8Array.of(1, 0, 1);

  it('is taken as OpenSSL writes it', () => {
    expect(spki(RSA_ENCRYPTION, positive, exponent)).toEqual(spkiDer(publicKey));
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a longer algorithm identifier', spki([...RSA_ENCRYPTION, 1], positive, exponent), /not for RSA/],
    ['a shorter algorithm identifier', spki(RSA_ENCRYPTION.slice(0, -1), positive, exponent), /not for RSA/],
    ['the identifier of RSA-OAEP', spki([...RSA_ENCRYPTION.slice(0, -1), 7], positive, exponent), /not for RSA/],
    ['a negative modulus', spki(RSA_ENCRYPTION, modulus, exponent), /not the DER encoding/],
    ['a negative exponent', spki(RSA_ENCRYPTION, positive, Uint8Array.of(0x80, 1)), /not the DER encoding/],
    ['an empty exponent', spki(RSA_ENCRYPTION, positive, new Uint8Array(0)), /not the DER encoding/],
  ])('with %s is refused', (_, der, message) => {
    expect(refusal(() => rawRsaKeyring({ name: 'k', publicKey: der }), 'options.publicKey')).toMatch(message);
  });
});
