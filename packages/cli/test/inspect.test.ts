import { encrypt } from '@keyfold/core';
import type { Keyring, WrappedKey } from '@keyfold/core/keyring';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeKey, randomFile, read } from './support/files.js';
import { at, keyfold, shell, start } from './support/keyfold.js';

/** A keyring whose wrapped keys are what a test wants to see; nothing opens them. */
function keyringOf(...wrappedKeys: Partial<WrappedKey>[]): Keyring {
  const full = wrappedKeys.map((key) => ({
    provider: 'aws-kms',
    keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
    keyVersion: '',
    algorithm: 'SYMMETRIC_DEFAULT',
    ciphertext: new Uint8Array(80).fill(1),
    ...key,
  }));
  return {
    specificationVersion: 'keyring-v1',
    provider: 'test',
    name: 'test',
    keks: full,
    wrap: async () => await Promise.resolve({ wrappedKeys: full }),
    unwrap: async () => await Promise.resolve(null),
  };
}

describe('keyfold inspect', () => {
  test('shows everything that the header says, without a key', async () => {
    randomFile('data', 300_000);
    const keys = ['-k', await makeKey('app-2026'), '-k', await makeKey('backup')];
    await keyfold(['encrypt', ...keys, '-c', 'tenant=acme', '--external-context', 'user=alice', 'data']);
    const { code, stdout, stderr } = await shell('rm *.key; keyfold inspect data.keyfold');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.toString().split('\n');
    expect(lines[0]).toBe('data.keyfold');
    expect(lines).toContain('Plaintext  300,000 bytes (293 KiB) in 3 segments of 128 KiB');
    expect(lines).toContain('Context    tenant  = acme');
    expect(lines).toContain('           user    = external: not stored, needed to decrypt');
    expect(lines).toContain('Keys       local-raw  HKDF-SHA512-AES-256-GCM  app-2026');
    expect(lines).toContain('           local-raw  HKDF-SHA512-AES-256-GCM  backup');
    expect(lines.join('\n')).toContain('None of this is authenticated');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('shows wrapped keys that are pending, and key versions', async () => {
    const pending = { keyId: 'alias/backup', algorithm: '', ciphertext: new Uint8Array(0) };
    const versioned = { provider: 'gcp-kms', keyId: 'projects/p/cryptoKeys/k', keyVersion: '7' };
    writeFileSync(at('e'), await encrypt(new Uint8Array(5), { keyring: keyringOf({}, pending, versioned) }));
    const text = (await keyfold(['inspect', 'e'])).stdout.toString();
    expect(text).toMatch(/aws-kms {2}pending +alias\/backup\n {13}was out of reach/);
    expect(text).toContain('projects/p/cryptoKeys/k version 7');
    expect(text).toContain('5 bytes in 1 segment of up to 128 KiB');
  });

  test('a detached header, and a pipe of unknown length', async () => {
    randomFile('data', 300_000);
    const key = await makeKey('app');
    await keyfold(['encrypt', '-k', key, '--header', 'h', 'data', '-o', 'payload']);
    expect((await keyfold(['inspect', 'h'])).stdout.toString()).toContain('Plaintext  not here');
    await keyfold(['encrypt', '-k', key, 'data', '-o', 'whole']);
    expect((await shell('cat whole | keyfold inspect')).stdout.toString()).toContain('of unknown length');
    expect((await shell('keyfold inspect < whole')).stdout.toString()).toContain('300,000 bytes');
    expect((await shell('head -c 250 whole | keyfold inspect -')).code).toBe(0);
  });

  test('reads the header alone: the rest of a pipe is not waited for', async () => {
    randomFile('data', 100_000);
    await keyfold(['encrypt', '-k', await makeKey('app'), 'data']);
    const child = start(['inspect']);
    child.stdin?.write(read('data.keyfold'));
    // Nobody closes its stdin.
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  });

  test('--json gives all of it', async () => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', await makeKey('app'), '-c', 'tenant=acme', 'data']);
    const { stdout } = await keyfold(['inspect', '--json', 'data.keyfold']);
    const { command, envelope } = JSON.parse(stdout.toString()) as { command: string; envelope: Record<string, unknown> };
    expect(command).toBe('inspect');
    expect(envelope).toMatchObject({
      formatVersion: 1,
      context: [{ key: 'tenant', kind: 'embedded', value: 'acme' }],
      wrappedKeys: [{ provider: 'local-raw', keyId: 'app', pending: false }],
      payload: { plaintextLength: 10, segments: 1 },
    });
  });

  test('what a terminal would obey is shown, not sent', async () => {
    const context = { 'a\u001b]0;owned\u0007': 'x\u009b31m\u202egnp.exe\ny' };
    writeFileSync(at('e'), await encrypt(new Uint8Array(0), { keyring: keyringOf({}), context }));
    const { stdout } = await keyfold(['inspect', 'e']);
    expect(stdout.toString()).toContain('a\\u001b]0;owned\\u0007  = x\\u009b31m\\u202egnp.exe\\ny');
    const { stderr } = await keyfold(['decrypt', '-k', await makeKey('app'), 'e', '-o', '-']);
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  });

  test('what is no envelope is named as such', async () => {
    randomFile('data', 1000);
    for (const args of [['inspect', 'data'], ['inspect']]) {
      const { code, stderr } = await keyfold(args, { input: read('data') });
      expect(code).toBe(4);
      expect(stderr).toContain('This is no Keyfold envelope');
    }
    expect((await keyfold(['inspect'], { input: '' })).code).toBe(4);
    expect((await keyfold(['inspect'], { input: 'KEYFOLD\u0002....' })).code).toBe(7);
  });
});
