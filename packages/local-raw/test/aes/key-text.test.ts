import { crc32 } from 'node:zlib';
import { fromText } from '@keyfold/core';
import { failure, refusal } from '@keyfold/keyring-testkit/helpers';
import { encodeAesKey, generateAesKey, parseAesKey, rawAesKeyring } from '@keyfold/local-raw';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printedForms } from '../support/bytes.js';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
/** The CRC-32 of these bytes is 0x91267E8A, as any zip tool tells. */
const TEXT = 'keyfold-aes256-key:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-RJn6K';
const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((key) => key.some((byte) => byte !== 0));

describe('the text form of an AES key', () => {
  it('is the prefix, and base64url of the key and its CRC-32', () => {
    expect(encodeAesKey(KEY)).toBe(TEXT);
    expect(parseAesKey(TEXT)).toEqual(KEY);
  });

  it('is that for every key', () => {
    fc.assert(
      fc.property(key32, (key) => {
        const checksum = Buffer.alloc(4);
        checksum.writeUInt32BE(crc32(key));
        const text = encodeAesKey(key);
        expect(text).toBe(`keyfold-aes256-key:${Buffer.concat([key, checksum]).toString('base64url')}`);
        expect(parseAesKey(text)).toEqual(Uint8Array.from(key));
      }),
    );
  });

  it('may have white space around it, as in a file', () => {
    expect(parseAesKey(`\t${TEXT}\r\n\n`)).toEqual(KEY);
  });

  it.each([
    ['a comment', `# Keyfold key\n${TEXT}\n`],
    ['comments and empty lines', `# Keyfold key\n\n  # name: app-2026\n#\n${TEXT}\n`],
    ['comments with the line ends of Windows', `# Keyfold key\r\n# name: app-2026\r\n${TEXT}\r\n`],
    ['a comment that looks like a key', `#${TEXT.replace('R', 'S')}\n${TEXT}`],
  ])('may have %s before it', (_, text) => {
    expect(parseAesKey(text)).toEqual(KEY);
  });

  it('notices every character that is another one', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const start = TEXT.indexOf(':') + 1;
    for (let at = start; at < TEXT.length; at++) {
      for (const character of alphabet) {
        if (character === TEXT[at]) continue;
        const mistyped = TEXT.slice(0, at) + character + TEXT.slice(at + 1);
        expect(refusal(() => parseAesKey(mistyped), 'text')).toContain('checksum');
      }
    }
  });

  it('notices two neighbours that changed places', () => {
    const start = TEXT.indexOf(':') + 1;
    for (let at = start; at + 1 < TEXT.length; at++) {
      const [a, b] = [TEXT.charAt(at), TEXT.charAt(at + 1)];
      if (a !== b) refusal(() => parseAesKey(TEXT.slice(0, at) + b + a + TEXT.slice(at + 2)), 'text');
    }
  });

  it.each([
    ['nothing', ''],
    ['the prefix alone', 'keyfold-aes256-key:'],
    ['a character too few', TEXT.slice(0, -1)],
    ['a character too many', `${TEXT}A`],
    ['a block too many', `${TEXT}AAAA`],
    ['something before it', `x${TEXT}`],
    ['padding', `${TEXT}=`],
    ['the other alphabet', TEXT.replace('-R', '+R')],
    ['a space within', `${TEXT.slice(0, 40)} ${TEXT.slice(40)}`],
    ['a line break within', `${TEXT.slice(0, 40)}\n${TEXT.slice(40)}`],
    ['two keys', `${TEXT}\n${TEXT}`],
    ['a comment behind it', `${TEXT}\n# end`],
    ['a comment alone', `# ${TEXT}`],
    ['another case of the prefix', TEXT.replace('keyfold', 'Keyfold')],
    ['no prefix', TEXT.slice(TEXT.indexOf(':') + 1)],
  ])('is nothing else: %s', (_, text) => {
    refusal(() => parseAesKey(text), 'text');
  });

  it('says what is wrong with the part behind the prefix', () => {
    for (const text of ['keyfold-aes256-key:', TEXT.slice(0, -1), `${TEXT}A`]) {
      expect(refusal(() => parseAesKey(text), 'text')).toContain('48 characters');
    }
  });

  it('gives no advice that does not fit', () => {
    for (const text of ['correct horse', `${'ab'.repeat(32)}ab`, `x${'ab'.repeat(32)}`, 'A'.repeat(45), 'A'.repeat(42)]) {
      const message = refusal(() => parseAesKey(text), 'text');
      expect(message).toContain('keyfold-aes256-key:');
      expect(message).not.toContain('Buffer');
    }
  });

  it.each([undefined, null, 7, KEY])('is a string: %s', (text) => {
    expect(refusal(() => parseAesKey(text as unknown as string), 'text')).toContain('encodeAesKey');
  });

  it('is not taken for an envelope', async () => {
    const error = await failure(() => fromText(TEXT), 'malformed');
    expect(error.details.rule).toBe('text-prefix');
  });

  it('does not appear in the error that refuses it', () => {
    const key = generateAesKey();
    const text = encodeAesKey(key);
    for (const wrong of [`${text}A`, text.slice(0, -1), `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`, text.slice(19)]) {
      for (const message of [
        refusal(() => parseAesKey(wrong), 'text'),
        refusal(() => rawAesKeyring({ name: 'k', key: wrong }), 'options.key'),
      ]) {
        for (const form of [...printedForms(key), text.slice(19, 40), wrong]) expect(message).not.toContain(form);
      }
    }
  });
});

describe('encodeAesKey refuses', () => {
  it.each([undefined, 'text', new Uint8Array(31), new Uint8Array(33).fill(1), new Uint8Array(32)])('%s', (key) => {
    refusal(() => encodeAesKey(key as Uint8Array), 'key');
  });
});
