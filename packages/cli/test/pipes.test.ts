import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { digest, makeKey, names, randomFile, read } from './support/files.js';
import { at, keyfold, shell } from './support/keyfold.js';

let key = '';
beforeEach(async () => {
  key = await makeKey('app');
});

describe('pipes', () => {
  test('a folder goes through tar and comes back', async () => {
    mkdirSync(at('photos'));
    const photos = [randomFile('photos/1.jpg', 700_000), randomFile('photos/2.jpg', 3)];
    const there = await shell(`tar c photos | keyfold encrypt -k ${key} > photos.tar.keyfold`);
    expect([there.code, there.stderr]).toEqual([0, '']);
    const back = await shell(`mkdir copy && keyfold decrypt -k ${key} < photos.tar.keyfold | tar x -C copy`);
    expect([back.code, back.stderr]).toEqual([0, '']);
    expect([read('copy/photos/1.jpg'), read('copy/photos/2.jpg')].map(digest)).toEqual(photos.map(digest));
  });

  test.each([0, 1, 65_536, 131_072, 5_000_000])('%i bytes go through pipes on both sides', async (length) => {
    const plaintext = randomFile('data', length);
    const { code, stdout } = await shell(`cat data | keyfold encrypt -k ${key} | keyfold decrypt -k ${key} | cat`);
    expect(code).toBe(0);
    expect(digest(stdout)).toBe(digest(plaintext));
  });

  test('stdout gets the envelope and nothing else', async () => {
    randomFile('data', 100);
    const { stdout, stderr } = await shell(`keyfold encrypt -k ${key} < data`);
    expect(stdout.subarray(0, 7).toString()).toBe('KEYFOLD');
    writeFileSync(at('piped.keyfold'), stdout);
    expect(stderr).toBe('');
    expect((await keyfold(['decrypt', '-k', key, 'piped.keyfold', '-o', 'copy'])).code).toBe(0);
    expect(read('copy')).toEqual(read('data'));
  });

  test('with a configuration, and packages that are links as pnpm makes them', async () => {
    randomFile('data', 1000);
    writeFileSync(at('keyfold.config.json'), JSON.stringify({ defaultKeyring: key }));
    const { code, stdout, stderr } = await shell('cat data | keyfold encrypt | keyfold decrypt');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.equals(read('data'))).toBe(true);
  });

  test('- is stdin, and stdout', async () => {
    const plaintext = randomFile('data', 200_000);
    const { code, stdout } = await shell(`keyfold encrypt -k ${key} data -o - | keyfold decrypt -k ${key} - -o -`);
    expect(code).toBe(0);
    expect(digest(stdout)).toBe(digest(plaintext));
    expect(names()).toEqual(['app.key', 'data']);
  });

  test('a pipe into a file: whole or not at all', async () => {
    const plaintext = randomFile('data', 200_000);
    const { code } = await shell(`cat data | keyfold encrypt -k ${key} -o out.keyfold && keyfold decrypt -k ${key} < out.keyfold -o copy`);
    expect(code).toBe(0);
    expect(digest(read('copy'))).toBe(digest(plaintext));
  });

  test('a named pipe, which can be read only once', async () => {
    const plaintext = randomFile('data', 200_000);
    await keyfold(['encrypt', '-k', key, 'data']);
    const script = `mkfifo in out && (cat data.keyfold > in & cat out > copy & keyfold decrypt -k ${key} in -o - > out; wait)`;
    expect((await shell(script)).code).toBe(0);
    expect(digest(read('copy'))).toBe(digest(plaintext));
    await shell('rm in; mkfifo in');
    expect((await shell(`(cat data > in & keyfold encrypt -k ${key} in -o named.keyfold; wait)`)).code).toBe(0);
    expect((await keyfold(['decrypt', '-k', key, 'named.keyfold', '-o', 'named'])).code).toBe(0);
    expect(digest(read('named'))).toBe(digest(plaintext));
  });

  test('a detached header through a named pipe, whose writer takes its time', async () => {
    const plaintext = randomFile('data', 1_000);
    await keyfold(['encrypt', '-k', key, 'data', '-o', 'payload', '--header', 'header']);
    const halves = '{ head -c 50 header; sleep 0.3; tail -c +51 header; }';
    const { code, stderr } = await shell(`mkfifo in && (${halves} > in & keyfold decrypt -k ${key} payload --header in -o copy)`);
    expect(code, stderr).toBe(0);
    expect(digest(read('copy'))).toBe(digest(plaintext));
  });

  test('a reader that goes away ends it quietly', async () => {
    randomFile('data', 5_000_000);
    await keyfold(['encrypt', '-k', key, 'data', '-q']);
    const script = (command: string): string => `{ ${command}; echo $? > code; } | head -c 10 | wc -c`;
    for (const command of [`keyfold encrypt -k ${key} < data`, `keyfold decrypt -k ${key} data.keyfold -o -`]) {
      const { stdout, stderr } = await shell(script(command));
      expect(stdout.toString().trim()).toBe('10');
      expect(stderr).toBe('');
      expect(read('code').toString().trim()).toBe('141');
    }
  });

  test('help into a reader that goes away', async () => {
    const { stderr } = await shell('keyfold encrypt --help | true');
    expect(stderr).toBe('');
  });

  // The device that is always full is Linux's.
  const testOnLinux = process.platform === 'linux' ? test : () => undefined;
  testOnLinux('a full disk behind stdout is an error', async () => {
    randomFile('data', 100_000);
    const { code, stderr } = await shell(`keyfold encrypt -k ${key} data -o - > /dev/full`);
    expect(code).toBe(5);
    expect(stderr).toContain('Could not write to stdout: no space left on device.');
  });

  test('a damaged segment: what is before it went out, the exit code says the rest', async () => {
    const plaintext = randomFile('data', 400_000);
    await keyfold(['encrypt', '-k', key, 'data']);
    const envelope = read('data.keyfold');
    envelope[300_000] = (envelope[300_000] ?? 0) ^ 1;
    const { code, stdout, stderr } = await keyfold(['decrypt', '-k', key], { input: envelope });
    expect(code).toBe(4);
    expect(stderr).toContain('Segment 2 ');
    expect(digest(stdout)).toBe(digest(plaintext.subarray(0, 2 * 131_072)));
  });

  test('a source that is cut off is never taken for one that ended', async () => {
    const plaintext = randomFile('data', 400_000);
    await keyfold(['encrypt', '-k', key, 'data']);
    for (const length of [10, 150, 200, 131_072 + 500, read('data.keyfold').length - 1]) {
      const { code, stdout, stderr } = await shell(`head -c ${length} data.keyfold | keyfold decrypt -k ${key}`);
      expect(code).toBe(4);
      expect(stderr).toMatch(/ends after|cut short/);
      expect(stdout.equals(plaintext.subarray(0, stdout.length))).toBe(true);
      expect(stdout.length).toBeLessThan(plaintext.length);
    }
  });
});
