import { fromText, inspect } from '@keyfold/core';
import { writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { digest, makeKey, names, randomFile, read } from './support/files.js';
import { at, keyfold, shell } from './support/keyfold.js';

let key = '';
beforeEach(async () => {
  key = await makeKey('app');
});

describe('--text', () => {
  test('gives one line of text, which an environment variable carries', async () => {
    const script = `SECRET=$(printf 's3cret' | keyfold encrypt -k ${key} --text); printf %s "$SECRET" | keyfold decrypt -k ${key}`;
    const { code, stdout } = await shell(script);
    expect([code, stdout.toString()]).toEqual([0, 's3cret']);
    const text = await keyfold(['encrypt', '-k', key, '--text'], { input: 's3cret' });
    expect(text.stdout.toString()).toMatch(/^keyfold1\.[A-Za-z0-9_-]+\n$/);
    expect(inspect(fromText(text.stdout.toString().trim())).payload?.plaintextLength).toBe(6);
  });

  test('into a file, which decrypt and inspect know as text', async () => {
    const plaintext = randomFile('data', 300_000);
    const { stderr } = await keyfold(['encrypt', '-k', key, '--text', 'data']);
    expect(stderr).toContain('Encrypted data (293 KiB) into data.keyfold, under app');
    expect(read('data.keyfold').subarray(0, 9).toString()).toBe('keyfold1.');
    expect((await keyfold(['decrypt', '-k', key, 'data.keyfold', '-o', 'copy'])).code).toBe(0);
    expect(digest(read('copy'))).toBe(digest(plaintext));
    expect((await keyfold(['inspect', 'data.keyfold'])).stdout.toString()).toContain('300,000 bytes');
  });

  test('white space around it does not matter, white space within does', async () => {
    const { stdout } = await keyfold(['encrypt', '-k', key, '--text'], { input: 's3cret' });
    const text = stdout.toString().trim();
    expect((await keyfold(['decrypt', '-k', key], { input: `\n  ${text}\r\n\n` })).stdout.toString()).toBe('s3cret');
    const broken = await keyfold(['decrypt', '-k', key], { input: `${text.slice(0, 50)}\n${text.slice(50)}` });
    expect(broken.code).toBe(4);
    expect(broken.stderr).toContain('text-alphabet');
  });

  test('what is too long for it is refused, and nothing is written', async () => {
    const { code, stderr } = await shell(`head -c 17000000 /dev/zero | keyfold encrypt -k ${key} --text -o big`);
    expect(code).toBe(7);
    expect(stderr).toContain('leave out --text');
    expect(names()).toEqual(['app.key']);
    const reading = await shell(`(printf keyfold1.; head -c 30000000 /dev/zero | tr '\\0' A) | keyfold decrypt -k ${key}`);
    expect(reading.code).toBe(7);
  });

  test('does not go with a header of its own', async () => {
    randomFile('data', 10);
    const { code, stderr } = await keyfold(['encrypt', '-k', key, '--text', '--header', 'h', 'data']);
    expect(code).toBe(2);
    expect(stderr).toContain('leave out --text or --header');
  });

  test('a changed character is noticed', async () => {
    const { stdout } = await keyfold(['encrypt', '-k', key, '--text'], { input: 's3cret' });
    const text = stdout.toString().trim();
    for (const at of [20, 120, text.length - 3]) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      expect((await keyfold(['decrypt', '-k', key], { input: changed })).code).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('--header', () => {
  test('keeps the header in a file of its own; decrypting wants both', async () => {
    const plaintext = randomFile('film.mp4', 400_000);
    const { stderr } = await keyfold(['encrypt', '-k', key, '--header', 'film.header', 'film.mp4']);
    expect(stderr).toContain('its header into film.header');
    expect(read('film.mp4.keyfold').length).toBe(400_000 + 16 + 4 * 16);
    expect((await keyfold(['decrypt', '-k', key, '--header', 'film.header', 'film.mp4.keyfold', '-o', 'copy'])).code).toBe(0);
    expect(digest(read('copy'))).toBe(digest(plaintext));
  });

  test('on pipes too, with the header written last', async () => {
    const plaintext = randomFile('data', 400_000);
    const there = await shell(`cat data | keyfold encrypt -k ${key} --header h > payload`);
    expect(there.code).toBe(0);
    const back = await shell(`cat payload | keyfold decrypt -k ${key} --header h`);
    expect(back.code).toBe(0);
    expect(digest(back.stdout)).toBe(digest(plaintext));
    await shell(`rm h; cat data | keyfold encrypt -k ${key} --header h | head -c 100 > payload`);
    expect(names()).not.toContain('h');
  });

  test('a header in text form is read', async () => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', key, '--header', 'h', 'data']);
    writeFileSync(at('h.txt'), `keyfold1h.${read('h').toString('base64url')}\n`);
    const { code, stdout } = await keyfold(['decrypt', '-k', key, '--header', 'h.txt', 'data.keyfold', '-o', '-']);
    expect([code, stdout]).toEqual([0, read('data')]);
    expect((await keyfold(['inspect', 'h.txt'])).code).toBe(0);
  });

  test('of another payload, it is named as such', async () => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', key, '--header', '1.h', 'data', '-o', '1']);
    await keyfold(['encrypt', '-k', key, '--header', '2.h', 'data', '-o', '2']);
    const { code, stderr } = await keyfold(['decrypt', '-k', key, '--header', '1.h', '2', '-o', '-']);
    expect(code).toBe(4);
    expect(stderr).toContain('The header is of message');
  });

  test.each([
    ['that exists is left as it is', ['--header', 'exists', 'data'], 5],
    ['that exists is left as it is, on pipes', ['--header', 'exists', 'data', '-o', '-'], 5],
    ['in the output', ['--header', 'data.keyfold', 'data', '--force'], 2],
    ['in the output, in other words', ['--header', './new', 'data', '-o', 'new', '--force'], 2],
    ['in the input', ['--header', 'data', 'data', '--force'], 2],
  ])('%s', async (_, args, expected) => {
    const plaintext = randomFile('data', 10);
    writeFileSync(at('exists'), 'old');
    const { code } = await keyfold(['encrypt', '-k', key, ...args]);
    expect(code).toBe(expected);
    expect(read('data')).toEqual(plaintext);
    expect(read('exists').toString()).toBe('old');
    expect(names()).toEqual(['app.key', 'data', 'exists']);
  });

  test('is not overwritten by the plaintext', async () => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', key, '--header', 'h', 'data']);
    const header = read('h');
    expect((await keyfold(['decrypt', '-k', key, '--header', 'h', 'data.keyfold', '-o', './h', '--force'])).code).toBe(2);
    expect(read('h')).toEqual(header);
  });

  test('what is mixed up is sorted out by the error', async () => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', key, '--header', 'h', 'data', '-o', 'payload']);
    await keyfold(['encrypt', '-k', key, 'data', '-o', 'whole']);
    const cases: [string[], string][] = [
      [['whole', '--header', 'h'], 'leave out --header'],
      [['h', '--header', 'payload'], 'leave out --header, or name the payload'],
      [['h'], 'a header without its payload'],
      [['payload'], 'a payload whose header was kept apart'],
      [['payload', '--header', 'whole'], 'follow a detached header'],
      [['payload', '--header', 'nowhere'], 'Could not open nowhere'],
    ];
    for (const [args, expected] of cases) {
      const { code, stderr } = await keyfold(['decrypt', '-k', key, '-o', '-', ...args]);
      expect(stderr).toContain(expected);
      expect(code).not.toBe(0);
    }
  });
});
