import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeKey, names, randomFile, read } from './support/files.js';
import { at, folder, keyfold, shell } from './support/keyfold.js';

let plaintext: Buffer = Buffer.alloc(0);
beforeEach(() => {
  plaintext = randomFile('data', 1000);
});

async function opens(key: string, file = 'data.keyfold'): Promise<boolean> {
  const { code, stdout } = await keyfold(['decrypt', '-k', key, file, '-o', '-']);
  return code === 0 && stdout.equals(plaintext);
}

describe('several keys', () => {
  test('each of them alone opens the envelope, another one does not', async () => {
    const keys = [await makeKey('a'), await makeKey('b'), await makeKey('c')];
    const other = await makeKey('d');
    const { code, stderr } = await keyfold(['encrypt', 'data', ...keys.flatMap((key) => ['-k', key])]);
    expect(code).toBe(0);
    expect(stderr).toContain('under a, b, c');
    for (const key of keys) expect(await opens(key)).toBe(true);
    const refused = await keyfold(['decrypt', '-k', other, 'data.keyfold', '-o', '-']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('local-raw a\n  local-raw b\n  local-raw c');
  });

  test('decrypting tries them all, and a wrong key of the right name does not stop the right one', async () => {
    const right = await makeKey('a');
    const wrong = await makeKey('a', 'wrong.key');
    const other = await makeKey('b');
    await keyfold(['encrypt', '-k', right, 'data']);
    const { code, stdout } = await keyfold(['decrypt', '-k', wrong, '-k', other, '-k', right, 'data.keyfold', '-o', '-']);
    expect(code).toBe(0);
    expect(stdout.equals(plaintext)).toBe(true);
  });

  test('when none opens it, the error tells of each that was tried', async () => {
    await keyfold(['encrypt', '-k', await makeKey('a'), '-k', await makeKey('b'), 'data']);
    const wrong = [await makeKey('a', 'x.key'), await makeKey('b', 'y.key')];
    const { code, stderr } = await keyfold(['decrypt', ...wrong.flatMap((key) => ['-k', key]), 'data.keyfold', '-o', '-']);
    expect(code).toBe(3);
    expect(stderr.match(/failed local-raw a: integrity/g)).toHaveLength(1);
    expect(stderr.match(/failed local-raw b: integrity/g)).toHaveLength(1);
  });

  test('one that cannot wrap: nothing is written', async () => {
    const { code } = await keyfold(['encrypt', '-k', await makeKey('a'), '-k', 'local-raw:missing.key', 'data']);
    expect(code).toBe(5);
    expect(names()).toEqual(['a.key', 'data']);
  });

  test('one name for two keys is refused', async () => {
    const keys = [await makeKey('a'), await makeKey('a', 'other.key')];
    const { code, stderr } = await keyfold(['encrypt', ...keys.flatMap((key) => ['-k', key]), 'data']);
    expect(code).toBe(2);
    expect(stderr).toContain('local-raw a is there twice');
    expect(names()).toEqual(['a.key', 'data', 'other.key']);
  });
});

describe('what a key file may be', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test('PEM of another program, with a name', async () => {
    writeFileSync(at('public.pem'), rsa.publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(at('private.pem'), rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect((await keyfold(['encrypt', '-k', 'local-raw:public.pem#hsm', 'data'])).code).toBe(0);
    expect(await opens('local-raw:private.pem#hsm')).toBe(true);
    expect(await opens('local-raw:private.pem#other')).toBe(false);
  });

  test('JSON Web Keys, whose key id is the name', async () => {
    writeFileSync(at('oct.jwk'), JSON.stringify({ kty: 'oct', kid: 'jwk-aes', k: randomBytes(32).toString('base64url') }));
    writeFileSync(at('public.jwk'), JSON.stringify({ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'jwk-rsa' }));
    writeFileSync(at('private.jwk'), JSON.stringify({ ...rsa.privateKey.export({ format: 'jwk' }), kid: 'jwk-rsa' }));
    const { stderr } = await keyfold(['encrypt', '-k', 'local-raw:oct.jwk', '-k', 'local-raw:public.jwk', 'data']);
    expect(stderr).toContain('under jwk-aes, jwk-rsa');
    expect(await opens('local-raw:oct.jwk')).toBe(true);
    expect(await opens('local-raw:private.jwk')).toBe(true);
  });

  test('32 bytes', async () => {
    randomFile('raw', 32);
    expect((await keyfold(['encrypt', '-k', 'local-raw:raw#raw', 'data'])).code).toBe(0);
    expect(await opens('local-raw:raw#raw')).toBe(true);
  });

  test('a pipe, so that a secret manager needs no file', async () => {
    await makeKey('app');
    expect((await shell(`cat app.key | keyfold encrypt -k local-raw:/dev/stdin data`)).code).toBe(0);
    expect(await opens('local-raw:app.key')).toBe(true);
  });

  test('Windows line ends', async () => {
    await makeKey('app');
    await keyfold(['encrypt', '-k', 'local-raw:app.key', 'data']);
    writeFileSync(at('app.key'), read('app.key').toString().replaceAll('\n', '\r\n'));
    expect(await opens('local-raw:app.key')).toBe(true);
  });

  test.each([
    ['nothing', '', 'is no key file'],
    ['an image', randomBytes(100), 'is no key file'],
    ['31 bytes', randomBytes(31), 'is no key file'],
    ['a key with a slip', (key: string) => key.replace(/.\n$/, 'A\n').replace(/-key:./, '-key:_'), 'checksum of this key is wrong'],
    ['a key that was cut off', (key: string) => key.slice(0, -10), '48 characters'],
    ['an EC key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }), 'broken.key'],
    ['a short RSA key', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }), '2048'],
    ['an encrypted key', rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }), 'encrypted'],
    ['broken JSON', '{ "kty": ', 'is no key file'],
  ])('refuses %s, and names the file', async (_, content, expected) => {
    await makeKey('app');
    writeFileSync(at('broken.key'), typeof content === 'function' ? content(read('app.key').toString()) : content);
    const { code, stderr } = await keyfold(['encrypt', '-k', 'local-raw:broken.key#name', 'data']);
    expect(stderr).toContain('broken.key');
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });

  test('no message repeats a secret', async () => {
    await makeKey('app');
    const secret = read('app.key').toString().split('keyfold-aes256-key:')[1]?.trim() ?? '';
    writeFileSync(at('broken.key'), read('app.key').toString().replace(secret, `${secret}X`));
    const { stderr } = await keyfold(['encrypt', '-k', 'local-raw:broken.key', 'data']);
    expect(stderr).not.toContain(secret.slice(5, 20));
  });
});

describe('how a key is named', () => {
  test('#name overrides the name in the file', async () => {
    await makeKey('app');
    const { stderr } = await keyfold(['encrypt', '-k', 'local-raw:app.key#renamed', 'data']);
    expect(stderr).toContain('under renamed');
    expect(await opens('local-raw:app.key')).toBe(false);
    expect(await opens('local-raw:app.key#renamed')).toBe(true);
  });

  test('a path with # ends in one', async () => {
    await makeKey('app', 'key #1');
    expect((await keyfold(['encrypt', '-k', 'local-raw:key #1#', 'data'])).code).toBe(0);
    expect(await opens('local-raw:key #1#')).toBe(true);
  });

  test('~ is the home folder, which no shell puts in there', async () => {
    mkdirSync(at('home'));
    await makeKey('app', 'home/app.key');
    const env = { HOME: at('home') };
    expect(homedir()).not.toBe(at('home'));
    expect((await keyfold(['encrypt', '-k', 'local-raw:~/app.key', 'data'], { env })).code).toBe(0);
    expect(await opens(`local-raw:${folder()}/home/app.key`)).toBe(true);
  });

  test.each([
    [[], 'say which key to use'],
    [['-k', 'app.key'], 'For a key file, write local-raw:app.key'],
    [['-k', 'aws-kmss:alias/x'], 'there is no provider "aws-kmss"'],
    [['-k', '__proto__:x'], 'there is no provider "__proto__"'],
    [['-k', 'local-raw:'], 'name the key file'],
    [['-k', 'local-raw:#name'], 'name the key file'],
    [['-k', 'local-raw:public.pem'], 'local-raw:public.pem#<name>'],
    [['-k', 'local-raw:public.pem#no good'], 'the name no good'],
  ])('%j is refused with advice', async (flags, expected) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(at('public.pem'), createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'pem' }));
    const { code, stderr } = await keyfold(['encrypt', ...flags, 'data']);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});
