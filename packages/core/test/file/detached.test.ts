import { mkdir, open, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached, inspect } from '../../src/index.js';
import { decryptFile, encryptFile } from '../../src/node.js';
import { concat, copy, patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { openFilesIn } from '../support/open-handles.js';
import { rawHeader } from '../support/raw-header.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';

const folder = new TempFolder();
const keyring = new TestKeyring();
const plaintext = patterned(200_000);

async function seal(): Promise<ReturnType<typeof encryptFile>> {
  await writeFile(folder.at('plain'), plaintext);
  return await encryptFile(folder.at('plain'), folder.at('payload'), { keyring, headerFile: folder.at('header') });
}

describe('a header in a file of its own', () => {
  it('and a payload in another come back together', async () => {
    const info = await seal();
    const [header, payload] = [await readFile(folder.at('header')), await readFile(folder.at('payload'))];
    expect(info).toEqual(inspect(header, { payloadLength: payload.length }));
    expect(info.payload?.plaintextLength).toBe(200_000);
    expect(Buffer.compare(await decryptDetached({ header, payload }, { keyring }), plaintext)).toBe(0);
    const ways = [folder.at('header'), pathToFileURL(folder.at('header')), copy(header), header];
    for (const [i, given] of ways.entries()) {
      await decryptFile(folder.at('payload'), folder.at(`back${i}`), { keyring, header: given });
      expect(Buffer.compare(await readFile(folder.at(`back${i}`)), plaintext)).toBe(0);
    }
    expect(openFilesIn(folder.path)).toEqual([]);
  });

  it('must be the payload’s', async () => {
    await seal();
    const { header } = await encryptDetached(plaintext, { keyring });
    await failure(decryptFile(folder.at('payload'), folder.at('back'), { keyring, header }), 'payload-mismatch');
    expect(await folder.names()).toEqual(['header', 'payload', 'plain']);
  });

  it('must be a header and nothing else', async () => {
    await seal();
    const { header, payload } = await encryptDetached(plaintext, { keyring });
    await writeFile(folder.at('header'), concat(header, payload));
    const open = async () => await decryptFile(folder.at('payload'), folder.at('back'), { keyring, header: folder.at('header') });
    expect((await failure(open(), 'malformed')).details.rule).toBe('detached-trailing-bytes');
    await writeFile(folder.at('header'), header.subarray(0, 60));
    await failure(open(), 'truncated');
    await writeFile(folder.at('header'), rawHeader({ headerLength: 0xffffffff }));
    await failure(open(), 'limit-exceeded');
    expect(await folder.names()).toEqual(['header', 'payload', 'plain']);
  });

  it('that goes on for ever is not read to its end', async () => {
    await seal();
    const open = decryptFile(folder.at('payload'), folder.at('back'), { keyring, header: '/dev/zero' });
    await failure(open, 'malformed');
  });

  it('must be there', async () => {
    await seal();
    const open = decryptFile(folder.at('payload'), folder.at('back'), { keyring, header: folder.at('nowhere') });
    expect((await failure(open, 'file-failed')).details.path).toBe(folder.at('nowhere'));
  });
});

describe('of header and payload either both are written or none', () => {
  it('when one of them exists', async () => {
    await writeFile(folder.at('header'), 'precious');
    expect((await failure(seal(), 'file-exists')).details).toEqual({ path: folder.at('header') });
    expect(await folder.names()).toEqual(['header', 'plain']);
    expect(await readFile(folder.at('header'), 'utf8')).toBe('precious');
  });

  it('when the header’s name was taken while the payload was written', async () => {
    await writeFile(folder.at('plain'), plaintext);
    const racing = new TestKeyring({
      wrap: async (request, real) => {
        await writeFile(folder.at('header'), 'precious');
        return await real(request);
      },
    });
    const sealing = encryptFile(folder.at('plain'), folder.at('payload'), { keyring: racing, headerFile: folder.at('header') });
    expect((await failure(sealing, 'file-exists')).details).toEqual({ path: folder.at('header') });
    expect(await readFile(folder.at('header'), 'utf8')).toBe('precious');
    expect(await folder.names()).toEqual(['header', 'plain']);
  });

  describe('of an older pair that is replaced', () => {
    const older = patterned(150_000, 7);
    /** A pair that is there already, and a keyring that puts a folder in the way of the new header's name meanwhile. */
    async function replaceOlder(names: readonly string[]): Promise<void> {
      await writeFile(folder.at('plain'), older);
      await encryptFile(folder.at('plain'), folder.at('payload'), { keyring, headerFile: folder.at('header') });
      await writeFile(folder.at('plain'), plaintext);
      await rename(folder.at('header'), folder.at('kept'));
      if (!names.includes('payload')) await rm(folder.at('payload'));
      const racing = new TestKeyring({
        wrap: async (request, real) => {
          await mkdir(folder.at('header'));
          return await real(request);
        },
      });
      const sealing = encryptFile(folder.at('plain'), folder.at('payload'), { keyring: racing, headerFile: folder.at('header'), overwrite: true });
      expect((await failure(sealing, 'file-failed')).details).toEqual({ path: folder.at('header'), operation: 'rename to' });
      expect(await folder.names()).toEqual(names);
    }

    it('the old payload comes back when the new header cannot get its name', async () => {
      await replaceOlder(['header', 'kept', 'payload', 'plain']);
      const pair = { header: await readFile(folder.at('kept')), payload: await readFile(folder.at('payload')) };
      expect(Buffer.compare(await decryptDetached(pair, { keyring }), older)).toBe(0);
    });

    it('a new payload in no one’s place goes when the new header cannot get its name', async () => {
      await replaceOlder(['header', 'kept', 'plain']);
    });

    it('the old pair stays when the new payload cannot get its name', async () => {
      await seal();
      const before = await readFile(folder.at('payload'));
      await writeFile(folder.at('plain'), older);
      const racing = new TestKeyring({
        wrap: async (request, real) => {
          await rename(folder.at('payload'), folder.at('kept'));
          await mkdir(folder.at('payload'));
          return await real(request);
        },
      });
      const sealing = encryptFile(folder.at('plain'), folder.at('payload'), { keyring: racing, headerFile: folder.at('header'), overwrite: true });
      expect((await failure(sealing, 'file-failed')).details.path).toBe(folder.at('payload'));
      expect(await folder.names()).toEqual(['header', 'kept', 'payload', 'plain']);
      const pair = { header: await readFile(folder.at('header')), payload: await readFile(folder.at('kept')) };
      expect(Buffer.compare(pair.payload, before)).toBe(0);
      expect(Buffer.compare(await decryptDetached(pair, { keyring }), plaintext)).toBe(0);
    });

    it('the new pair stays when the disk fails behind it', async () => {
      await seal();
      await writeFile(folder.at('plain'), older);
      const handle = await open(folder.at('plain'), 'r');
      const system = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
      await handle.close();
      const { sync } = system;
      let failures = 0;
      // Of a folder, neither syncing nor closing succeeds.
      system.sync = async function (this: FileHandle) {
        if (!(await this.stat()).isDirectory()) {
          await sync.call(this);
          return;
        }
        const close = this.close.bind(this);
        this.close = async () => {
          failures++;
          await close();
          throw Object.assign(new Error('the disk failed'), { code: 'EIO' });
        };
        throw Object.assign(new Error('the disk failed'), { code: 'EIO' });
      };
      try {
        await encryptFile(folder.at('plain'), folder.at('payload'), { keyring, headerFile: folder.at('header'), overwrite: true });
      } finally {
        system.sync = sync;
      }
      expect(failures).toBe(2);
      const pair = { header: await readFile(folder.at('header')), payload: await readFile(folder.at('payload')) };
      expect(Buffer.compare(await decryptDetached(pair, { keyring }), older)).toBe(0);
      expect(await folder.names()).toEqual(['header', 'payload', 'plain']);
    });

    it('nothing stays beside the new pair', async () => {
      await seal();
      await writeFile(folder.at('plain'), older);
      await encryptFile(folder.at('plain'), folder.at('payload'), { keyring, headerFile: folder.at('header'), overwrite: true });
      const pair = { header: await readFile(folder.at('header')), payload: await readFile(folder.at('payload')) };
      expect(Buffer.compare(await decryptDetached(pair, { keyring }), older)).toBe(0);
      expect(await folder.names()).toEqual(['header', 'payload', 'plain']);
    });
  });

  it('when the folder of the header is missing', async () => {
    await writeFile(folder.at('plain'), plaintext);
    const headerFile = folder.at('missing', 'header');
    await failure(encryptFile(folder.at('plain'), folder.at('payload'), { keyring, headerFile }), 'file-failed');
    expect(await folder.names()).toEqual(['plain']);
  });

  it('when both have the same name, however it is written', async () => {
    await writeFile(folder.at('plain'), plaintext);
    await symlink(folder.path, folder.at('same'));
    for (const headerFile of [folder.at('payload'), pathToFileURL(folder.at('payload')), `${folder.path}/./payload`, folder.at('same', 'payload')]) {
      for (const overwrite of [false, true]) {
        const sealing = encryptFile(folder.at('plain'), folder.at('payload'), { keyring, headerFile, overwrite });
        expect((await failure(sealing, 'invalid-argument')).details).toEqual({ argument: 'options.headerFile' });
        expect(await folder.names()).toEqual(['plain', 'same']);
      }
    }
  });

  it('when the header’s file is a folder', async () => {
    await writeFile(folder.at('plain'), plaintext);
    const sealing = encryptFile(folder.at('plain'), folder.at('payload'), { keyring, headerFile: folder.path, overwrite: true });
    expect((await failure(sealing, 'invalid-argument')).details).toEqual({ argument: 'options.headerFile' });
    expect(await folder.names()).toEqual(['plain']);
  });
});
