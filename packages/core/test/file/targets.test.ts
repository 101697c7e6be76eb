import { chmod, lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/index.js';
import { decryptFile, encryptFile } from '../../src/node.js';
import { patterned, utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';

const folder = new TempFolder();
const keyring = new TestKeyring();
const plaintext = patterned(10_000);

/** Both operations, from the files that they need. */
const operations: readonly (readonly [string, (target: string, options?: { overwrite: boolean }) => Promise<unknown>])[] = [
  ['encryptFile', async (target, options) => {
    await writeFile(folder.at('source'), plaintext);
    return await encryptFile(folder.at('source'), target, { keyring, ...options });
  }],
  ['decryptFile', async (target, options) => {
    await writeFile(folder.at('source'), await encrypt(plaintext, { keyring }));
    return await decryptFile(folder.at('source'), target, { keyring, ...options });
  }],
];

/** Whether the target holds what the operation makes. */
async function holdsResult(path: string): Promise<boolean> {
  const bytes = new Uint8Array(await readFile(path));
  const opened = bytes.length === plaintext.length ? bytes : await decrypt(bytes, { keyring });
  return Buffer.compare(opened, plaintext) === 0;
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe.each(operations)('%s', (name, run) => {
  it('leaves an existing file alone', async () => {
    await writeFile(folder.at('target'), 'precious');
    const error = await failure(run(folder.at('target')), 'file-exists');
    expect(error.details).toEqual({ path: folder.at('target') });
    expect(error.message).toContain('overwrite: true');
    expect(await readFile(folder.at('target'), 'utf8')).toBe('precious');
    expect(await folder.names()).toEqual(['source', 'target']);
  });

  it('calls no keyring when it would not write anyway', async () => {
    const before = keyring.operations.length;
    await writeFile(folder.at('target'), 'precious');
    await failure(run(folder.at('target'), { overwrite: false }), 'file-exists');
    expect(keyring.operations.length - before).toBeLessThanOrEqual(name === 'decryptFile' ? 1 : 0);
  });

  it('replaces an existing file when it may, and keeps its permissions', async () => {
    for (const mode of [0o600, 0o640, 0o755, 0o444]) {
      await writeFile(folder.at('target'), 'old');
      await chmod(folder.at('target'), mode);
      await run(folder.at('target'), { overwrite: true });
      expect(await holdsResult(folder.at('target'))).toBe(true);
      expect(await modeOf(folder.at('target'))).toBe(mode);
    }
    expect(await folder.names()).toEqual(['source', 'target']);
  });

  it('gives a new file the permissions that fit it', async () => {
    await writeFile(folder.at('as the umask allows'), '');
    await run(folder.at('target'));
    // A plaintext is its owner's alone.
    const expected = name === 'decryptFile' ? 0o600 : await modeOf(folder.at('as the umask allows'));
    expect(await modeOf(folder.at('target'))).toBe(expected);
  });

  it('may replace its own source', async () => {
    await run(folder.at('source'), { overwrite: true });
    expect(await holdsResult(folder.at('source'))).toBe(true);
    expect(await folder.names()).toEqual(['source']);
  });

  it('writes through a link, which stays one', async () => {
    await mkdir(folder.at('elsewhere'));
    await writeFile(folder.at('elsewhere', 'real'), 'old');
    await symlink(folder.at('elsewhere', 'real'), folder.at('link'));
    await failure(run(folder.at('link')), 'file-exists');
    await run(folder.at('link'), { overwrite: true });
    expect((await lstat(folder.at('link'))).isSymbolicLink()).toBe(true);
    expect(await readlink(folder.at('link'))).toBe(folder.at('elsewhere', 'real'));
    expect(await holdsResult(folder.at('elsewhere', 'real'))).toBe(true);
  });

  it('does not take a link to a name that is no text for one to nowhere', async () => {
    const odd = Buffer.concat([Buffer.from(folder.at('odd')), Uint8Array.of(0xff)]);
    try {
      await writeFile(odd, 'precious');
    } catch {
      // A file system that has no such names.
      return;
    }
    await symlink(odd, folder.at('link'));
    for (const overwrite of [false, true]) {
      const error = await failure(run(folder.at('link'), { overwrite }), 'file-failed');
      expect(error.details).toEqual({ path: folder.at('link'), operation: 'follow' });
    }
    expect(await folder.names()).toEqual(['link', 'odd\uFFFD', 'source']);
    expect(await readFile(odd, 'utf8')).toBe('precious');
    // It can be read.
    await writeFile(odd, await encrypt(plaintext, { keyring }));
    await decryptFile(folder.at('link'), folder.at('opened'), { keyring });
    expect(await holdsResult(folder.at('opened'))).toBe(true);
  });

  it('does not follow a link to nowhere without being told to overwrite', async () => {
    await symlink(folder.at('nowhere'), folder.at('link'));
    await failure(run(folder.at('link')), 'file-exists');
    expect(await folder.names()).toEqual(['link', 'source']);
  });

  it('writes no folder, no pipe, no device', async () => {
    await mkdir(folder.at('folder'));
    for (const target of [folder.at('folder'), '/dev/null']) {
      const error = await failure(run(target, { overwrite: true }), 'invalid-argument');
      expect(error.details).toEqual({ argument: 'target' });
    }
    expect(await folder.names()).toEqual(['folder', 'source']);
  });

  it('needs the folder of the target to be there', async () => {
    const error = await failure(run(folder.at('missing', 'target')), 'file-failed');
    expect(error.details.operation).toBe('create');
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
    await failure(run(folder.at('source', 'target')), 'file-failed');
  });

  it('does not replace a file that came into being while it was at work', async () => {
    const racing = new TestKeyring({
      wrap: async (request, real) => {
        await writeFile(folder.at('target'), 'another process was quicker');
        return await real(request);
      },
    });
    await writeFile(folder.at('source'), plaintext);
    const error = await failure(encryptFile(folder.at('source'), folder.at('target'), { keyring: racing }), 'file-exists');
    expect(error.details).toEqual({ path: folder.at('target') });
    expect(await readFile(folder.at('target'), 'utf8')).toBe('another process was quicker');
    expect(await folder.names()).toEqual(['source', 'target']);
  });
});

describe('two at once', () => {
  it('into one new target: one wins, and the other says so', async () => {
    await writeFile(folder.at('source'), plaintext);
    const runs = Array.from({ length: 8 }, async () => await encryptFile(folder.at('source'), folder.at('target'), { keyring }));
    const results = await Promise.allSettled(runs);
    const lost = results.filter((result) => result.status === 'rejected');
    expect(lost).toHaveLength(7);
    for (const { reason } of lost) expect(reason).toMatchObject({ code: 'file-exists' });
    expect(await holdsResult(folder.at('target'))).toBe(true);
    expect(await folder.names()).toEqual(['source', 'target']);
  });

  it('into one target that may be replaced: it is whole', async () => {
    await writeFile(folder.at('source'), plaintext);
    const options = { keyring, overwrite: true };
    await Promise.all(Array.from({ length: 8 }, async () => await encryptFile(folder.at('source'), folder.at('target'), options)));
    expect(await holdsResult(folder.at('target'))).toBe(true);
    expect(await folder.names()).toEqual(['source', 'target']);
  });
});

describe('an empty name', () => {
  it('is refused, and so is anything that is no path', async () => {
    const bad = ['', undefined, null, 7, new URL('https://example.com/x'), utf8('x'), {}];
    for (const path of bad) {
      const options = { keyring };
      const asTarget = await failure(encryptFile('x', path as never, options), 'invalid-argument');
      expect(asTarget.details).toEqual({ argument: 'target' });
      const asSource = await failure(encryptFile(path as never, 'x', options), 'invalid-argument');
      expect(asSource.details).toEqual({ argument: 'source' });
      expect((await failure(decryptFile('x', path as never, options), 'invalid-argument')).details).toEqual({ argument: 'target' });
      expect((await failure(decryptFile(path as never, 'x', options), 'invalid-argument')).details).toEqual({ argument: 'source' });
    }
  });

  it('is refused by name among the options, and so is what has the wrong type there', async () => {
    await writeFile(folder.at('source'), plaintext);
    const encrypting: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ headerFile: '' }, 'options.headerFile'],
      [{ headerFile: 7 }, 'options.headerFile'],
      [{ overwrite: 'false' }, 'options.overwrite'],
      [{ overwrite: 1 }, 'options.overwrite'],
      [{ onProgress: {} }, 'options.onProgress'],
      [{ segmentSize: 1 }, 'options.segmentSize'],
      [{ keyring: {} }, 'options.keyring'],
    ];
    for (const [options, argument] of encrypting) {
      const error = await failure(encryptFile(folder.at('source'), folder.at('t'), { keyring, ...options }), 'invalid-argument');
      expect(error.details).toEqual({ argument });
    }
    const decrypting: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ header: '' }, 'options.header'],
      [{ header: [1, 2] }, 'options.header'],
      [{ overwrite: 'no' }, 'options.overwrite'],
      [{ onProgress: 'log' }, 'options.onProgress'],
      [{ context: 7 }, 'options.context'],
    ];
    for (const [options, argument] of decrypting) {
      const error = await failure(decryptFile(folder.at('source'), folder.at('t'), { keyring, ...options }), 'invalid-argument');
      expect(error.details).toEqual({ argument });
    }
    expect(await folder.names()).toEqual(['source']);
  });
});
