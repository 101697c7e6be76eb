import { KeyfoldError } from '@keyfold/core';
import { keyringError, unwrapFailed, wrapFailed } from '@keyfold/core/keyring';
import type { Attempt } from '@keyfold/core/keyring';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../src/errors/exit-codes.js';
import { makeKey, names, randomFile, read } from './support/files.js';
import { at, keyfold, shell } from './support/keyfold.js';

interface Reported {
  readonly error: {
    readonly code: string;
    readonly exitCode: number;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

test('several inputs at once: what to do instead', async () => {
  for (const command of ['encrypt', 'decrypt', 'inspect']) {
    expect((await keyfold([command, 'a', 'b'])).stderr).toContain('one file at a time, in a loop');
  }
});

test('an error says which file it is about, for whoever reads the log of a loop', async () => {
  await makeKey('app');
  await makeKey('other');
  randomFile('data', 100);
  await keyfold(['encrypt', '-k', 'local-raw:app.key', '-c', 'a=1', 'data', '-o', 'e.keyfold']);
  for (const args of [['inspect', 'data'], ['decrypt', '-k', 'local-raw:app.key', 'data', '-o', 'x']]) {
    expect((await keyfold(args)).stderr).toMatch(/^keyfold: data: This is no Keyfold envelope/);
  }
  const decrypt = ['decrypt', 'e.keyfold', '-o', 'x'];
  expect((await keyfold([...decrypt, '-k', 'local-raw:app.key'])).stderr).toMatch(/^keyfold: e\.keyfold: The envelope has a context/);
  expect((await keyfold([...decrypt, '-k', 'local-raw:other.key', '--any-context'])).stderr).toMatch(/^keyfold: e\.keyfold: None of the keys given/);
  // Of a pipe there is no name to tell.
  expect((await shell('keyfold inspect < data')).stderr).toMatch(/^keyfold: This is no Keyfold envelope/);
});

describe('exit codes and --json errors', () => {
  test.each([
    ['an unknown option', 2, 'invalid-argument', ['encrypt', '--frobnicate', 'data', '--json']],
    ['an unknown command', 2, 'invalid-argument', ['encrpt', 'data', '--json']],
    ['too many arguments', 2, 'invalid-argument', ['inspect', 'data', 'data', '--json']],
    ['no key', 2, 'invalid-argument', ['encrypt', 'data', '--json']],
    ['a wrong key', 3, 'no-matching-key', ['decrypt', '-k', 'local-raw:other.key', 'e', '-o', 'x', '--any-context', '--json']],
    ['a wrong key of the right name', 3, 'unwrap-failed', ['decrypt', '-k', 'local-raw:other.key#app', 'e', '-o', 'x', '--any-context', '--json']],
    ['a wrong context', 3, 'context-mismatch', ['decrypt', '-k', 'local-raw:app.key', '-c', 'a=2', 'e', '-o', 'x', '--json']],
    ['no context', 3, 'context-required', ['decrypt', '-k', 'local-raw:app.key', 'e', '-o', 'x', '--json']],
    ['no envelope', 4, 'malformed', ['decrypt', '-k', 'local-raw:app.key', 'data', '-o', 'x', '--json']],
    ['an envelope cut short', 4, 'truncated', ['inspect', 'short', '--json']],
    ['a damaged segment', 4, 'payload-damaged', ['decrypt', '-k', 'local-raw:app.key', '-c', 'a=1', 'damaged', '-o', 'x', '--json']],
    ['a missing file', 5, 'file-failed', ['inspect', 'nowhere', '--json']],
    ['an existing file', 5, 'file-exists', ['encrypt', '-k', 'local-raw:app.key', 'data', '-o', 'e', '--json']],
    ['a newer format', 7, 'unsupported', ['inspect', 'newer', '--json']],
    ['a context over the limit', 7, 'limit-exceeded', ['encrypt', '-k', 'local-raw:app.key', 'data', '-c', `a=${'x'.repeat(9000)}`, '--json']],
  ])('%s: %i, %s', async (_, exitCode, errorCode, args) => {
    await makeKey('app');
    await makeKey('other');
    randomFile('data', 100);
    await keyfold(['encrypt', '-k', 'local-raw:app.key', '-c', 'a=1', 'data', '-o', 'e']);
    const envelope = read('e');
    writeFileSync(at('short'), envelope.subarray(0, 100));
    writeFileSync(at('damaged'), Buffer.from(envelope).fill(0, envelope.length - 5));
    writeFileSync(at('newer'), Buffer.from(envelope).fill(2, 7, 8));
    const before = names();

    const result = await keyfold(args);
    const { error } = JSON.parse(result.stderr) as Reported;
    expect({ code: result.code, reported: error.exitCode, error: error.code }).toEqual({ code: exitCode, reported: exitCode, error: errorCode });
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(error.message.length).toBeGreaterThan(20);
    expect(typeof error.details).toBe('object');
    expect(result.stdout.length).toBe(0);
    expect(names()).toEqual(before);

    const inWords = await keyfold(args.filter((arg) => arg !== '--json'));
    expect(inWords.code).toBe(exitCode);
    expect(inWords.stderr).toMatch(/^keyfold: /);
  });

  test('a key service that may answer later is told apart', () => {
    const attempt: Attempt = {
      provider: 'aws-kms',
      keyring: 'k',
      keyId: 'k',
      outcome: 'failed',
      reason: 'unavailable',
      retryable: true,
      message: '',
      remedy: '',
    };
    const denied: Attempt = { ...attempt, reason: 'access-denied', retryable: false };
    expect(exitCodeOf(wrapFailed([attempt]))).toBe(6);
    expect(exitCodeOf(unwrapFailed([denied, attempt]))).toBe(6);
    expect(exitCodeOf(unwrapFailed([denied]))).toBe(3);
    expect(exitCodeOf(wrapFailed([denied]))).toBe(3);
    expect(exitCodeOf(keyringError({ ...attempt, operation: 'check' }, 'x'))).toBe(6);
    expect(exitCodeOf(new Error('a bug'))).toBe(1);
    expect(exitCodeOf(new KeyfoldError('keyring-contract', 'x', { keyring: 'k' }))).toBe(1);
  });
});

describe('--json results', () => {
  test('of files go to stdout, one object in one line', async () => {
    await makeKey('app');
    randomFile('data', 100);
    const encrypted = await keyfold(['encrypt', '-k', 'local-raw:app.key', 'data', '--header', 'h', '--json']);
    expect(encrypted.stderr).toBe('');
    expect(encrypted.stdout.toString().trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(encrypted.stdout.toString())).toMatchObject({
      command: 'encrypt',
      input: 'data',
      output: 'data.keyfold',
      header: 'h',
      envelope: { formatVersion: 1, wrappedKeys: [{ keyId: 'app' }], payload: { plaintextLength: 100 } },
    });
    const decrypted = await keyfold(['decrypt', '-k', 'local-raw:app.key', 'data.keyfold', '--header', 'h', '-o', 'copy', '--json']);
    expect(JSON.parse(decrypted.stdout.toString())).toMatchObject({
      command: 'decrypt',
      output: 'copy',
      plaintextLength: 100,
      envelope: { wrappedKeys: [{ keyId: 'app' }] },
    });
    const made = await keyfold(['keygen', 'rsa', '-n', 'bg', '-o', 'bg.pem', '--bits', '2048', '--json']);
    expect(JSON.parse(made.stdout.toString())).toEqual({
      command: 'keygen',
      kind: 'rsa',
      name: 'bg',
      bits: 2048,
      secretKey: 'bg.pem',
      publicKey: 'bg.pub.pem',
    });
  });

  test('go to stderr when the data goes to stdout', async () => {
    await makeKey('app');
    const plaintext = randomFile('data', 100);
    const encrypted = await keyfold(['encrypt', '-k', 'local-raw:app.key', '--json'], { input: plaintext });
    expect(JSON.parse(encrypted.stderr)).toMatchObject({ command: 'encrypt', input: '-', output: '-', header: null, envelope: { payload: { plaintextLength: 100 } } });
    const decrypted = await keyfold(['decrypt', '-k', 'local-raw:app.key', '--json'], { input: encrypted.stdout });
    expect(JSON.parse(decrypted.stderr)).toMatchObject({ command: 'decrypt', plaintextLength: 100 });
    expect(decrypted.stdout).toEqual(plaintext);
    const key = await keyfold(['keygen', '-n', 'x', '-o', '-', '--json']);
    expect(JSON.parse(key.stderr)).toMatchObject({ command: 'keygen', secretKey: '-' });
    expect(key.stdout.toString()).toContain('keyfold-aes256-key:');
  });
});

describe('an unexpected error', () => {
  test('says that it is one, and where with KEYFOLD_DEBUG', async () => {
    // A working folder that is gone is nothing that the command expects: process.cwd() throws.
    const gone = `cd gone && rmdir ../gone && keyfold encrypt -k local-raw:${at('app.key')}`;
    await makeKey('app');
    await shell('mkdir gone');
    const { code, stderr } = await shell(`${gone} < /dev/null`);
    expect(code).toBe(1);
    expect(stderr).toContain('KEYFOLD_DEBUG=1');
  });
});
