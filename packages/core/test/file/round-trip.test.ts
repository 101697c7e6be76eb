import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, inspect } from '../../src/index.js';
import { decryptFile, encryptFile } from '../../src/node.js';
import { patterned } from '../support/bytes.js';
import { openFilesIn } from '../support/open-handles.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';

const folder = new TempFolder();
const keyring = new TestKeyring();
const context = { tenant: 'acme' };
const MIB = 1 << 20;

describe('a file', () => {
  it.each([0, 1, 4095, 4096, 4097, 131_071, 131_072, 131_073, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 1, 5 * MIB + 12_345])(
    'of %i bytes comes back',
    async (length) => {
      const plaintext = patterned(length);
      await writeFile(folder.at('plain'), plaintext);
      const written = await encryptFile(folder.at('plain'), folder.at('sealed'), { keyring, context });
      const opened = await decryptFile(folder.at('sealed'), folder.at('back'), { keyring, context });
      expect(Buffer.compare(await readFile(folder.at('back')), plaintext)).toBe(0);

      const envelope = await readFile(folder.at('sealed'));
      expect(written).toEqual(inspect(envelope));
      expect(written.payload?.plaintextLength).toBe(length);
      expect(opened).toMatchObject({ messageId: written.messageId, context: written.context });
      expect(Buffer.compare(await decrypt(envelope, { keyring, context }), plaintext)).toBe(0);

      expect(await folder.names()).toEqual(['back', 'plain', 'sealed']);
      expect(openFilesIn(folder.path)).toEqual([]);
    },
  );

  it('that one call encrypted is decrypted', async () => {
    const plaintext = patterned(300_000);
    await writeFile(folder.at('sealed'), await encrypt(plaintext, { keyring, context }));
    await decryptFile(folder.at('sealed'), folder.at('back'), { keyring, context });
    expect(Buffer.compare(await readFile(folder.at('back')), plaintext)).toBe(0);
  });

  it('with small segments takes no more pieces than the system writes at once', async () => {
    const plaintext = patterned(9 * MIB);
    await writeFile(folder.at('plain'), plaintext);
    await encryptFile(folder.at('plain'), folder.at('sealed'), { keyring, segmentSize: 4096 });
    await decryptFile(folder.at('sealed'), folder.at('back'), { keyring });
    expect(Buffer.compare(await readFile(folder.at('back')), plaintext)).toBe(0);
  });

  it('is named by a path or a URL, in any alphabet', async () => {
    const plaintext = patterned(100);
    await writeFile(folder.at('Übersicht 数据 #1%.txt'), plaintext);
    const url = pathToFileURL(folder.at('Übersicht 数据 #1%.txt'));
    await encryptFile(url, pathToFileURL(folder.at('sealed #?.bin')), { keyring });
    await decryptFile(folder.at('sealed #?.bin'), folder.at('back'), { keyring });
    expect(new Uint8Array(await readFile(folder.at('back')))).toEqual(plaintext);
  });

  it.each([['a', 255], ['é', 127], ['数', 85], ['🔑', 63]])('may have a name as long as a name can be: of %s', async (character, count) => {
    await writeFile(folder.at('plain'), 'x');
    const name = folder.at(character.repeat(count));
    await encryptFile(folder.at('plain'), name, { keyring });
    expect(Buffer.from(await decrypt(await readFile(name), { keyring })).toString()).toBe('x');
  });

  it('is encrypted anew every time', async () => {
    await writeFile(folder.at('plain'), patterned(100));
    const first = await encryptFile(folder.at('plain'), folder.at('1'), { keyring });
    const second = await encryptFile(folder.at('plain'), folder.at('2'), { keyring });
    expect(first.messageId).not.toBe(second.messageId);
  });
});
