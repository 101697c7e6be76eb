import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt, decryptDetached, encrypt, encryptDetached, fromText, toText } from '../../src/index.js';
import { concat, patterned, utf8 } from '../support/bytes.js';
import { cases } from '../support/cases.js';
import { failure } from '../support/failure.js';
import { rawHeader } from '../support/raw-header.js';
import { TestKeyring } from '../support/test-keyring.js';

const header = rawHeader();

/** Base64url by another way than the code's. */
function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

describe('the text form', () => {
  it('takes an envelope through a text column and back', async () => {
    const keyring = new TestKeyring();
    const text = toText(await encrypt(utf8('hello'), { keyring }));
    expect(text).toMatch(/^keyfold1\.[A-Za-z0-9_-]+$/);
    expect(await decrypt(fromText(text), { keyring })).toEqual(utf8('hello'));
  });

  it('takes a detached header through a text column and back', async () => {
    const keyring = new TestKeyring();
    const { header: detached, payload } = await encryptDetached(utf8('hello'), { keyring });
    const text = toText(detached);
    expect(text).toMatch(/^keyfold1h\.[A-Za-z0-9_-]+$/);
    expect(await decryptDetached({ header: fromText(text), payload }, { keyring })).toEqual(utf8('hello'));
  });

  it('is base64url of the bytes, of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (payload) => {
        const envelope = concat(header, payload);
        const text = `keyfold1.${base64Url(envelope)}`;
        expect(toText(envelope)).toBe(text);
        expect(fromText(text)).toEqual(envelope);
      }),
      { numRuns: cases(2_000) },
    );
    expect(toText(header)).toBe(`keyfold1h.${base64Url(header)}`);
    expect(fromText(toText(header))).toEqual(header);
  });

  it('holds megabytes', () => {
    const envelope = concat(header, patterned(3_000_001));
    const text = toText(envelope);
    expect(text).toBe(`keyfold1.${base64Url(envelope)}`);
    expect(Buffer.compare(fromText(text), envelope)).toBe(0);
  });

  it('has no second form of the same bytes', async () => {
    for (const length of [1, 2, 3]) {
      const envelope = concat(header, patterned(length));
      const text = toText(envelope);
      for (let code = 0x21; code < 0x7f; code++) {
        const other = text.slice(0, -1) + String.fromCharCode(code);
        if (other === text) continue;
        const bytes = await Promise.resolve(other).then(fromText).catch(() => undefined);
        expect(bytes).not.toEqual(envelope);
        if (bytes !== undefined) expect(toText(bytes)).toBe(other);
      }
    }
  });
});

describe('a text that is none', () => {
  const envelope = concat(header, patterned(32));
  const encoded = base64Url(envelope);
  const at = 'keyfold1.'.length;

  it.each([
    ['text-prefix', 'nothing', '', 0],
    ['text-prefix', 'no prefix', encoded, 0],
    ['text-prefix', 'another version', `keyfold2.${encoded}`, 0],
    ['text-prefix', 'capitals', `KEYFOLD1.${encoded}`, 0],
    ['text-prefix', 'white space before it', ` keyfold1.${encoded}`, 0],
    ['text-prefix', 'an envelope that says header', `keyfold1h.${encoded}`, 0],
    ['text-prefix', 'a header that says envelope', `keyfold1.${base64Url(header)}`, 0],
    ['text-alphabet', 'padding', `keyfold1.${encoded}=`, at + encoded.length],
    ['text-alphabet', 'a line feed at its end', `keyfold1.${encoded}\n`, at + encoded.length],
    ['text-alphabet', 'a space inside', `keyfold1.${encoded.slice(0, 8)} ${encoded.slice(8)}`, at + 8],
    ['text-alphabet', 'base64 that is not for URLs', `keyfold1.${encoded.slice(0, 12)}+/${encoded.slice(14)}`, at + 12],
    ['text-alphabet', 'a letter that only looks like one', `keyfold1.${encoded.slice(0, 3)}\u0430`, at + 3],
    ['text-canonical', 'a character too many', `keyfold1.${base64Url(concat(header, patterned(33)))}AAA`, undefined],
  ])('breaks %s: %s', async (rule, _what, text, offset) => {
    const error = await failure(() => fromText(text), 'malformed');
    expect(error.details.rule).toBe(rule);
    if (offset !== undefined) expect(error.details.offset).toBe(offset);
  });

  it.each([1, 2])('breaks text-canonical: bits behind the last of %i bytes', async (rest) => {
    const bytes = concat(header, patterned(60)).subarray(0, 120 + rest);
    const text = `keyfold1.${base64Url(bytes)}`;
    expect(fromText(text)).toEqual(bytes);
    const next = String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
    const error = await failure(() => fromText(text.slice(0, -1) + next), 'malformed');
    expect(error.details).toEqual({ rule: 'text-canonical', offset: text.length - 1 });
  });

  it('breaks what its bytes break', async () => {
    await failure(() => fromText(`keyfold1.${base64Url(patterned(100))}`), 'malformed');
    await failure(() => fromText(`keyfold1.${base64Url(rawHeader({ version: 9 }))}`), 'unsupported');
    await failure(() => fromText(`keyfold1.${base64Url(rawHeader({ headerLength: 70_000 }))}`), 'limit-exceeded');
  });

  it('may be longer when the limits say so', () => {
    const large = rawHeader({ padding: new Uint8Array(65_535) });
    const limits = { headerBytes: 70_000 };
    expect(fromText(toText(large, { limits }), { limits })).toEqual(large);
  });
});

describe('wrong arguments of the text form', () => {
  it('are named', async () => {
    for (const bytes of [undefined, null, 'keyfold1.', [1], new ArrayBuffer(8)]) {
      const error = await failure(() => toText(bytes as unknown as Uint8Array), 'invalid-argument');
      expect(error.details).toEqual({ argument: 'bytes' });
    }
    for (const text of [undefined, null, 7, utf8('keyfold1.')]) {
      const error = await failure(() => fromText(text as unknown as string), 'invalid-argument');
      expect(error.details).toEqual({ argument: 'text' });
    }
    for (const cut of [0, 11, header.length - 1]) {
      const error = await failure(() => toText(header.subarray(0, cut)), 'invalid-argument');
      expect(error.details).toEqual({ argument: 'bytes' });
    }
    for (const call of [() => toText(header, { limits: { headerBytes: -1 } }), () => fromText(toText(header), { limits: { headerBytes: -1 } })]) {
      expect((await failure(call, 'invalid-argument')).details).toEqual({ argument: 'options.limits.headerBytes' });
    }
  });
});
