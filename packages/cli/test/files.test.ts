import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { digest, makeKey, names, randomFile, read } from './support/files.js';
import { at, keyfold, shell } from './support/keyfold.js';

let key = '';
beforeEach(async () => {
  key = await makeKey('app');
});

describe('encrypting and decrypting files', () => {
  test.each([0, 1, 131_071, 131_072, 131_073, 3_000_000])('%i bytes come back', async (length) => {
    const plaintext = randomFile('data', length);
    expect((await keyfold(['encrypt', '-k', key, 'data'])).code).toBe(0);
    expect((await keyfold(['decrypt', '-k', key, 'data.keyfold', '-o', 'copy'])).code).toBe(0);
    expect(digest(read('copy'))).toBe(digest(plaintext));
  });

  test('report.pdf becomes report.pdf.keyfold, and that becomes report.pdf', async () => {
    const plaintext = randomFile('report.pdf', 100);
    const encrypted = await keyfold(['encrypt', '-k', key, 'report.pdf']);
    expect(encrypted.stderr).toBe('Encrypted report.pdf (100 bytes) into report.pdf.keyfold, under app\n');
    expect(encrypted.stdout.length).toBe(0);
    expect(names()).toEqual(['app.key', 'report.pdf', 'report.pdf.keyfold']);

    await shell('rm report.pdf');
    const decrypted = await keyfold(['decrypt', '-k', key, 'report.pdf.keyfold']);
    expect(decrypted.stderr).toBe('Decrypted report.pdf.keyfold into report.pdf (100 bytes)\n');
    expect(decrypted.stdout.length).toBe(0);
    expect(read('report.pdf')).toEqual(plaintext);
  });

  test('the output stays beside the input, wherever the command runs', async () => {
    mkdirSync(at('deep'));
    randomFile('deep/data', 10);
    expect((await keyfold(['encrypt', '-k', key, 'deep/data'])).code).toBe(0);
    await shell('rm deep/data');
    expect((await keyfold(['decrypt', '-k', key, 'deep/data.keyfold'])).code).toBe(0);
    expect(statSync(at('deep/data')).size).toBe(10);
  });

  test('an input without the ending has no obvious output', async () => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', key, 'data', '-o', 'data.enc']);
    for (const file of ['data.enc', '.keyfold']) {
      if (file === '.keyfold') await shell('mv data.enc .keyfold');
      const { code, stderr } = await keyfold(['decrypt', '-k', key, file]);
      expect(code).toBe(2);
      expect(stderr).toContain('-o <file>');
    }
  });

  test('--quiet says nothing', async () => {
    randomFile('data', 10);
    const encrypted = await keyfold(['encrypt', '-k', key, 'data', '--quiet']);
    const decrypted = await keyfold(['decrypt', '-k', key, 'data.keyfold', '-o', 'copy', '-q']);
    expect([encrypted.stderr, decrypted.stderr]).toEqual(['', '']);
    expect([encrypted.code, decrypted.code]).toEqual([0, 0]);
  });

  test('a name that begins with a hyphen goes behind --', async () => {
    randomFile('-data', 10);
    expect((await keyfold(['encrypt', '-k', key, '--', '-data'])).code).toBe(0);
    expect(names()).toContain('-data.keyfold');
  });

  test('every run of encrypt gives another envelope', async () => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', key, 'data', '-o', '1']);
    await keyfold(['encrypt', '-k', key, 'data', '-o', '2']);
    expect(read('1')).not.toEqual(read('2'));
  });

  test('a file can be replaced by its own envelope', async () => {
    const plaintext = randomFile('data', 200_000);
    expect((await keyfold(['encrypt', '-k', key, 'data', '-o', 'data', '--force'])).code).toBe(0);
    expect((await keyfold(['decrypt', '-k', key, 'data', '-o', 'data', '--force'])).code).toBe(0);
    expect(digest(read('data'))).toBe(digest(plaintext));
  });

  test('plaintext is for its owner’s eyes only', async () => {
    randomFile('data', 10);
    await shell(`umask 022; keyfold encrypt -q -k ${key} data; keyfold decrypt -q -k ${key} data.keyfold -o copy`);
    expect(statSync(at('data.keyfold')).mode & 0o777).toBe(0o644);
    expect(statSync(at('copy')).mode & 0o777).toBe(0o600);
  });
});

describe('a file that exists', () => {
  test.each([[], ['--text']])('is left as it is by encrypt %j, and by decrypt', async (...flags) => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', key, 'data', '-o', 'data.keyfold']);
    writeFileSync(at('precious'), 'old');
    const encrypted = await keyfold(['encrypt', '-k', key, 'data', '-o', 'precious', ...flags]);
    const decrypted = await keyfold(['decrypt', '-k', key, 'data.keyfold', '-o', 'precious']);
    expect([encrypted.code, decrypted.code]).toEqual([5, 5]);
    expect(encrypted.stderr).toContain('precious exists and was left as it is');
    expect(decrypted.stderr).toContain('--force');
    expect(readFileSync(at('precious'), 'utf8')).toBe('old');
    expect(names()).toEqual(['app.key', 'data', 'data.keyfold', 'precious']);
  });

  test.each([[], ['--text']])('is replaced with --force %j, and keeps its permissions', async (...flags) => {
    randomFile('data', 10);
    writeFileSync(at('old'), 'old');
    chmodSync(at('old'), 0o640);
    expect((await keyfold(['encrypt', '-k', key, 'data', '-o', 'old', '-f', ...flags])).code).toBe(0);
    expect(statSync(at('old')).mode & 0o777).toBe(0o640);
    expect((await keyfold(['decrypt', '-k', key, 'old', '-o', 'old', '-f'])).code).toBe(0);
    expect(read('old')).toEqual(read('data'));
    expect(statSync(at('old')).mode & 0o777).toBe(0o640);
  });

  test.each([[], ['--text']])('a link is followed with --force %j', async (...flags) => {
    randomFile('data', 10);
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere/old'), 'old');
    symlinkSync('elsewhere/old', at('link'));
    expect((await keyfold(['encrypt', '-k', key, 'data', '-o', 'link', '-f', ...flags])).code).toBe(0);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect((await keyfold(['decrypt', '-k', key, 'elsewhere/old', '-o', 'copy'])).code).toBe(0);
    expect(read('copy')).toEqual(read('data'));
  });

  test.each([[], ['--text']])('a link to a name that is no text is not taken for one to another file %j', async (...flags) => {
    randomFile('data', 10);
    const odd = Buffer.concat([Buffer.from(at('odd')), Uint8Array.of(0xff)]);
    try {
      writeFileSync(odd, 'old');
    } catch {
      // A file system that has no such names.
      return;
    }
    symlinkSync(odd, at('link'));
    const { code, stderr } = await keyfold(['encrypt', '-k', key, 'data', '-o', 'link', '-f', ...flags]);
    expect(code).toBe(5);
    expect(stderr).toContain('a name that is not UTF-8; rename that');
    expect(names()).toEqual(['app.key', 'data', 'link', 'odd\uFFFD']);
    expect(readFileSync(odd, 'utf8')).toBe('old');
  });

  test('a failing decryption leaves the old file, even with --force', async () => {
    randomFile('data', 500_000);
    await keyfold(['encrypt', '-k', key, 'data']);
    const envelope = read('data.keyfold');
    envelope[400_000] = (envelope[400_000] ?? 0) ^ 1;
    writeFileSync(at('data.keyfold'), envelope);
    writeFileSync(at('copy'), 'old');
    expect((await keyfold(['decrypt', '-k', key, 'data.keyfold', '-o', 'copy', '--force'])).code).toBe(4);
    expect(readFileSync(at('copy'), 'utf8')).toBe('old');
    expect(names()).toEqual(['app.key', 'copy', 'data', 'data.keyfold']);
  });
});

describe('what is no file to read or write', () => {
  test.each([
    ['encrypt', ['encrypt', 'nowhere'], 'Could not open nowhere: no such file or directory.'],
    ['decrypt', ['decrypt', 'nowhere.keyfold'], 'Could not open nowhere.keyfold: no such file or directory.'],
    ['inspect', ['inspect', 'nowhere'], 'Could not open nowhere: no such file or directory.'],
    ['encrypt into a missing folder', ['encrypt', 'data', '-o', 'nowhere/x'], 'Could not create nowhere/x: there is no folder nowhere.'],
    ['keygen into a missing folder', ['keygen', '-n', 'a', '-o', 'nowhere/a.key'], 'Could not create nowhere/a.key: there is no folder nowhere.'],
  ])('%s', async (_, args, expected) => {
    randomFile('data', 10);
    const { code, stderr } = await keyfold([...args, ...(args[0] === 'inspect' || args[0] === 'keygen' ? [] : ['-k', key])]);
    expect(code).toBe(5);
    expect(stderr).toContain(expected);
    expect(names()).toEqual(['app.key', 'data']);
  });

  test('a folder: the error says how to pack it', async () => {
    mkdirSync(at('photos'));
    const { code, stderr } = await keyfold(['encrypt', '-k', key, 'photos']);
    expect(code).toBe(2);
    expect(stderr).toContain('photos is a folder');
    expect(stderr).toContain('tar c folder | keyfold encrypt -k');
  });

  test.each(['encrypt', 'decrypt'])('a folder as stdin of %s, which is not nothing', async (command) => {
    mkdirSync(at('photos'));
    const { code, stderr } = await shell(`keyfold ${command} -k ${key} -o out < photos`);
    expect(code).toBe(2);
    expect(stderr).toContain('stdin is a folder');
    expect(names()).toEqual(['app.key', 'photos']);
  });

  test('a folder as the key file', async () => {
    randomFile('data', 10);
    const { code, stderr } = await keyfold(['encrypt', '-k', 'local-raw:.', 'data']);
    expect(code).toBe(5);
    expect(stderr).toContain('Could not read the key file .: it is a folder.');
  });

  test('nothing at all, as when the command before it in a pipe failed', async () => {
    for (const command of ['decrypt', 'inspect']) {
      const { code, stderr } = await shell(`false | keyfold ${command} ${command === 'inspect' ? '' : `-k ${key}`}`);
      expect(code).toBe(4);
      expect(stderr).toContain('The input is empty, so there is no envelope in it.');
    }
  });

  test('a folder as the output', async () => {
    randomFile('data', 10);
    mkdirSync(at('photos'));
    const { code, stderr } = await keyfold(['encrypt', '-k', key, 'data', '-o', 'photos', '--force']);
    expect(code).toBe(2);
    expect(stderr).toContain('--output: photos is not a regular file; name a file, or give -o - and redirect stdout.');
  });
});
