import { beforeEach, describe, expect, test } from 'vitest';
import { makeKey, names, randomFile } from './support/files.js';
import { keyfold, shell } from './support/keyfold.js';
import type { Finished } from './support/keyfold.js';

let key = '';
beforeEach(async () => {
  key = await makeKey('app');
  randomFile('data', 100);
});

async function encrypt(...flags: string[]): Promise<Finished> {
  return await keyfold(['encrypt', '-k', key, 'data', '-f', ...flags]);
}

async function decrypt(...flags: string[]): Promise<Finished> {
  return await keyfold(['decrypt', '-k', key, 'data.keyfold', '-o', '-', ...flags]);
}

describe('--context', () => {
  test('decrypting names a part of it, all of it, or says that any will do', async () => {
    expect((await encrypt('-c', 'tenant=acme', '--context', 'kind=in=voice')).code).toBe(0);
    expect((await decrypt('-c', 'tenant=acme')).code).toBe(0);
    expect((await decrypt('-c', 'kind=in=voice', '-c', 'tenant=acme')).code).toBe(0);
    expect((await decrypt('--any-context')).code).toBe(0);
  });

  test('another value, or a key that is not there, opens nothing', async () => {
    await encrypt('-c', 'tenant=acme');
    for (const pair of ['tenant=other', 'tenant=', 'user=acme']) {
      const { code, stdout, stderr } = await decrypt('-c', pair);
      expect(code).toBe(3);
      expect(stdout.length).toBe(0);
      expect(stderr).toContain(`"${pair.split('=')[0] ?? ''}" is missing there or has another value`);
    }
  });

  test('saying nothing about it opens nothing', async () => {
    await encrypt('-c', 'tenant=acme');
    const { code, stderr } = await decrypt();
    expect(code).toBe(3);
    expect(stderr).toContain('"tenant"');
    expect(stderr).toContain('--any-context');
  });

  test('values may be empty, and in any script', async () => {
    await encrypt('-c', 'empty=', '-c', 'größe=Ωmega 🔑');
    expect((await decrypt('-c', 'größe=Ωmega 🔑', '-c', 'empty=')).code).toBe(0);
  });
});

describe('--external-context', () => {
  test('its value is needed, whatever else is said', async () => {
    await encrypt('-c', 'tenant=acme', '--external-context', 'user=alice');
    for (const flags of [['-c', 'tenant=acme'], ['--any-context'], []]) {
      const { code, stderr } = await decrypt(...flags);
      expect(code).toBe(3);
      expect(stderr).toContain('--external-context');
    }
    expect((await decrypt('-c', 'tenant=acme', '--external-context', 'user=alice')).code).toBe(0);
    expect((await decrypt('--any-context', '--external-context', 'user=alice')).code).toBe(0);
    expect((await decrypt('--any-context', '--external-context', 'user=bob')).code).toBe(3);
  });

  test('its value is not stored', async () => {
    await encrypt('--external-context', 'user=alice-in-wonderland');
    const { stdout } = await shell('grep -c alice-in-wonderland data.keyfold');
    expect(stdout.toString().trim()).toBe('0');
  });
});

describe('what is refused at the call', () => {
  test.each([
    [['-c', 'tenant'], '<key>=<value>'],
    [['-c', '=acme'], '<key>=<value>'],
    [['-c', 'a=1', '-c', 'a=2'], 'the key "a" is given twice'],
    [['--external-context', 'a=1', '--external-context', 'a=1'], 'the key "a" is given twice'],
    [['-c', 'a=1', '--external-context', 'a=1'], 'stored or external'],
    [['-c', 'keyfold:x=1'], '--context: the key "keyfold:x"'],
    [['--external-context', 'keyfold:x=1'], '--external-context: the key "keyfold:x"'],
    [['--any-context'], 'unknown option'],
  ])('encrypt %j', async (flags, expected) => {
    const { code, stderr } = await encrypt(...flags);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
    expect(names()).toEqual(['app.key', 'data']);
  });

  test('--any-context next to an expected pair', async () => {
    await encrypt('-c', 'a=1');
    expect((await decrypt('--any-context', '-c', 'a=1')).code).toBe(2);
  });

  test('bytes that are no UTF-8, of which two could become one text', async () => {
    const { code, stderr } = await shell(`keyfold encrypt -k ${key} data -c "a=$(printf '\\377')"`);
    expect(code).toBe(2);
    expect(stderr).toContain('not valid UTF-8');
  });

  test('a context over the limit', async () => {
    const { code, stderr } = await encrypt('-c', `a=${'x'.repeat(9000)}`);
    expect(code).toBe(7);
    expect(stderr).toContain('8192');
  });
});
