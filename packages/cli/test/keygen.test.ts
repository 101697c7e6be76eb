import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseKeyFile } from '../src/keyrings/key-file.js';
import { names, randomFile, read } from './support/files.js';
import { at, keyfold, shell } from './support/keyfold.js';

/** Counts the operations that change the disk: see there. */
const COUNTER = new URL('../../core/test/file-rewrap/processes/step-counter.mjs', import.meta.url).href;

describe('keyfold keygen', () => {
  test('makes an AES key that encrypts and decrypts, and says so', async () => {
    const made = await keyfold(['keygen', '--name', 'app-2026', '-o', 'app.key']);
    expect(made.code).toBe(0);
    expect(made.stdout.length).toBe(0);
    expect(made.stderr).toContain('app-2026');
    expect(made.stderr).toContain('keyfold encrypt -k local-raw:app.key report.pdf');

    const plaintext = randomFile('report.pdf', 1000);
    expect((await keyfold(['encrypt', '-k', 'local-raw:app.key', 'report.pdf'])).code).toBe(0);
    expect((await keyfold(['decrypt', '-k', 'local-raw:app.key', 'report.pdf.keyfold', '-o', 'copy.pdf'])).code).toBe(0);
    expect(read('copy.pdf')).toEqual(plaintext);
  });

  test('a secret key is for its owner’s eyes only, a public one is not', async () => {
    await shell('umask 022; keyfold keygen -n a -o a.key -q; keyfold keygen rsa -n b -o b.pem --bits 2048 -q');
    expect(statSync(at('a.key')).mode & 0o777).toBe(0o600);
    expect(statSync(at('b.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(at('b.pub.pem')).mode & 0o777).toBe(0o644);
  });

  test('a key that was made is on the disk, under its name, when the command says so', async () => {
    const env = { NODE_OPTIONS: `--import=${COUNTER}`, STEPS_LOG: at('steps') };
    expect((await keyfold(['keygen', '-n', 'a', '-o', 'a.key', '-q'], { env })).code).toBe(0);
    const steps = read('steps').toString().trim().split('\n').map((line) => JSON.parse(line) as { name: string; path: string; to?: string });
    const isBeside = (path: string): boolean => path.endsWith('.keyfold-tmp');
    const shown = steps.map(({ name, path, to }) => `${name} ${to ?? (isBeside(path) ? 'beside' : path)}`);
    expect(shown).toEqual(['open beside', 'writeFile beside', 'sync beside', 'link a.key', 'rm beside', 'sync .']);
  });

  test('two keys differ', async () => {
    await keyfold(['keygen', '-n', 'same', '-o', '1.key']);
    await keyfold(['keygen', '-n', 'same', '-o', '2.key']);
    expect(read('1.key')).not.toEqual(read('2.key'));
  });

  test.each([
    ['2048', 2048],
    ['4096', 4096],
    [undefined, 3072],
  ])('makes an RSA pair of --bits %s that other programs read', async (bits, expected) => {
    const { code } = await keyfold(['keygen', 'rsa', '-n', 'bg', '-o', 'bg.pem', ...(bits === undefined ? [] : ['--bits', bits])]);
    expect(code).toBe(0);
    const privateKey = createPrivateKey(read('bg.pem'));
    const publicKey = createPublicKey(read('bg.pub.pem'));
    expect(privateKey.asymmetricKeyDetails?.modulusLength).toBe(expected);
    expect(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })).toBe(publicKey.export({ type: 'spki', format: 'pem' }));
  });

  test('the public half of an RSA pair encrypts, only the private half decrypts', async () => {
    await keyfold(['keygen', 'rsa', '-n', 'bg', '-o', 'secret.pem', '--public', 'given-away.pem', '--bits', '2048']);
    const plaintext = randomFile('data', 10);
    expect((await keyfold(['encrypt', '-k', 'local-raw:given-away.pem', 'data'])).code).toBe(0);

    const refused = await keyfold(['decrypt', '-k', 'local-raw:given-away.pem', 'data.keyfold', '-o', 'copy']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('given-away.pem holds the public half alone');
    expect(refused.stderr).toContain('Name the file of the private half instead.');

    expect((await keyfold(['decrypt', '-k', 'local-raw:secret.pem', 'data.keyfold', '-o', 'copy'])).code).toBe(0);
    expect(read('copy')).toEqual(plaintext);
  });

  test.each([
    ['aes', 'app.key', 'app.key'],
    ['rsa', 'bg.pem', 'bg.pem'],
    ['rsa', 'bg.pem', 'bg.pub.pem'],
  ])('never overwrites: %s into %s while %s exists', async (kind, output, existing) => {
    writeFileSync(at(existing), 'precious');
    const { code, stderr } = await keyfold(['keygen', kind, '-n', 'x', '-o', output]);
    expect(code).toBe(5);
    expect(stderr).toContain(`${existing} exists and was left as it is. Choose another name: a key file is never replaced.`);
    expect(stderr).not.toContain('--force');
    expect(readFileSync(at(existing), 'utf8')).toBe('precious');
    expect(names()).toEqual([existing]);
  });

  test('has no way to overwrite', async () => {
    writeFileSync(at('app.key'), 'precious');
    expect((await keyfold(['keygen', '-n', 'x', '-o', 'app.key', '--force'])).code).toBe(2);
    expect(readFileSync(at('app.key'), 'utf8')).toBe('precious');
  });

  test('writes the secret key to stdout when asked to, and nothing else there', async () => {
    const { code, stdout } = await keyfold(['keygen', '-n', 'app', '-o', '-']);
    expect(code).toBe(0);
    writeFileSync(at('app.key'), stdout);
    randomFile('data', 5);
    expect((await keyfold(['encrypt', '-k', 'local-raw:app.key', 'data'])).code).toBe(0);
    expect(names()).toEqual(['app.key', 'data', 'data.keyfold']);
  });

  test.each([
    [['keygen', '-o', 'a.key'], '--name'],
    [['keygen', '-n', 'a'], '--output'],
    [['keygen', '-n', 'two words', '-o', 'a.key'], '--name'],
    [['keygen', '-n', '', '-o', 'a.key'], '--name'],
    [['keygen', '-n', 'ü', '-o', 'a.key'], '--name'],
    [['keygen', 'dsa', '-n', 'a', '-o', 'a.key'], 'Allowed choices are aes, rsa'],
    [['keygen', 'rsa', '-n', 'a', '-o', 'a.key', '--bits', '1024'], '--bits'],
    [['keygen', 'aes', '-n', 'a', '-o', 'a.key', '--bits', '2048'], '--bits'],
    [['keygen', 'aes', '-n', 'a', '-o', 'a.key', '--public', 'b'], '--public'],
    [['keygen', 'rsa', '-n', 'a', '-o', 'a.pem', '--public', './a.pem'], '--public'],
    [['keygen', 'rsa', '-n', 'a', '-o', '-'], '--public'],
  ])('refuses %j', async (args, expected) => {
    const { code, stderr } = await keyfold(args);
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
    expect(names()).toEqual([]);
  });
});

test.each(['{', '#', ' {', '-----BEGIN '])('32 bytes are a key also when they begin with %j', (start) => {
  const bytes = Buffer.concat([Buffer.from(start), Buffer.alloc(32, 0xf0)]).subarray(0, 32);
  expect(parseKeyFile(bytes)).toEqual({ name: undefined, kind: 'aes', key: bytes });
});
