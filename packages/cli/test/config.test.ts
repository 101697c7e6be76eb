import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { isTrustedOwner } from '../src/config/find-config.js';
import { makeKey, names, randomFile, read } from './support/files.js';
import { at, folder, keyfold, shell } from './support/keyfold.js';
import type { Finished } from './support/keyfold.js';

beforeEach(async () => {
  await makeKey('app');
  await makeKey('backup');
  randomFile('data', 100);
});

function config(value: unknown, path = 'keyfold.config.json'): void {
  writeFileSync(at(path), typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));
}

async function encrypt(...flags: string[]): Promise<Finished> {
  return await keyfold(['encrypt', 'data', '-f', ...flags]);
}

async function opens(...flags: string[]): Promise<boolean> {
  const { code, stdout } = await keyfold(['decrypt', 'data.keyfold', '-o', '-', ...flags]);
  return code === 0 && stdout.equals(read('data'));
}

describe('keyfold.config.json', () => {
  test('names keyrings and the default one', async () => {
    config({
      $schema: './node_modules/@keyfold/cli/config.schema.json',
      defaultKeyring: 'everyday',
      keyrings: {
        app: { provider: 'local-raw', keyFile: 'app.key' },
        backup: 'local-raw:backup.key',
        everyday: { anyOf: ['app', 'backup'] },
      },
    });
    const { code, stderr } = await encrypt();
    expect(code).toBe(0);
    expect(stderr).toContain('under app, backup');
    expect(await opens()).toBe(true);
    expect(await opens('-k', 'backup')).toBe(true);
    expect(await opens('-k', 'app')).toBe(true);
    expect((await encrypt('-k', 'app')).stderr).toContain('under app\n');
    expect(await opens('-k', 'backup')).toBe(false);
  });

  test('another default for decrypting, where a break-glass key is left out', async () => {
    config({
      defaultKeyring: { encrypt: 'all', decrypt: 'app' },
      keyrings: { app: 'local-raw:app.key', all: { anyOf: ['app', 'local-raw:backup.key'] } },
    });
    expect((await encrypt()).stderr).toContain('under app, backup');
    await shell('rm backup.key');
    expect(await opens()).toBe(true);
  });

  test('anyOf holds names, keys and settings, and another anyOf', async () => {
    await makeKey('third');
    config({
      keyrings: {
        inner: { anyOf: ['local-raw:app.key', { provider: 'local-raw', keyFile: 'backup.key', keyName: 'renamed' }] },
        outer: { anyOf: ['inner', { anyOf: ['local-raw:third.key'] }] },
      },
    });
    expect((await encrypt('-k', 'outer')).stderr).toContain('under app, renamed, third');
    for (const key of ['local-raw:app.key', 'local-raw:backup.key#renamed', 'local-raw:third.key']) {
      expect(await opens('-k', key)).toBe(true);
    }
  });

  test('is found in a folder above, and its paths are relative to it', async () => {
    config({ defaultKeyring: 'app', keyrings: { app: { provider: 'local-raw', keyFile: 'app.key' } } });
    mkdirSync(at('a/b'), { recursive: true });
    randomFile('a/b/deep', 10);
    expect((await keyfold(['encrypt', 'deep'], { cwd: at('a/b') })).code).toBe(0);
  });

  test('--config names another one, --no-config none', async () => {
    config({ defaultKeyring: 'x', keyrings: { x: 'local-raw:app.key' } });
    mkdirSync(at('other'));
    config({ defaultKeyring: 'x', keyrings: { x: 'local-raw:../backup.key' } }, 'other/my.json');
    expect((await encrypt('--config', 'other/my.json')).stderr).toContain('under backup');
    const without = await encrypt('--no-config');
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('say which key to use');
    expect((await encrypt('--config', 'nowhere.json')).code).toBe(5);
  });

  test('gives pairs of the context, which the command line adds to and overrides', async () => {
    config({ defaultKeyring: 'x', keyrings: { x: 'local-raw:app.key' }, context: { app: 'billing', stage: 'test' } });
    expect((await encrypt('-c', 'stage=live', '-c', 'tenant=acme')).code).toBe(0);
    const context = (await keyfold(['inspect', 'data.keyfold'])).stdout.toString();
    expect(context).toMatch(/app +=+ billing\n +stage +=+ live\n +tenant +=+ acme/);
    expect(await opens()).toBe(false);
    expect(await opens('-c', 'stage=live')).toBe(true);
    expect(await opens('--any-context')).toBe(true);
    expect((await encrypt('--external-context', 'stage=secret')).code).toBe(0);
    expect((await keyfold(['inspect', 'data.keyfold'])).stdout.toString()).toMatch(/stage +=+ external/);
  });
});

describe('a configuration that is wrong', () => {
  test.each([
    ['{', 'line 1, column'],
    ['{\n  "keyrings": {},\n  oops\n}', 'line 3, column 3'],
    [[], 'keyfold.config.json: the whole: this must be object'],
    [{ keyring: {} }, 'keyfold.config.json: keyring: there is no such setting'],
    [{ keyrings: { app: { provider: 'local-raw' } } }, 'keyfold.config.json: keyrings.app.keyFile: this is missing'],
    [{ keyrings: { app: { keyFile: 'x' } } }, 'keyrings.app.provider: this is missing'],
    [{ keyrings: { app: { provider: 'local-raw', keyFile: 1 } } }, 'keyrings.app.keyFile: this must be string'],
    [{ keyrings: { app: { provider: 'local-raw', keyfile: 'x', keyFile: 'x' } } }, 'keyrings.app.keyfile: there is no such setting'],
    [{ keyrings: { app: { provider: 'locl-raw', keyFile: 'x' } } }, 'keyrings.app.provider: this must be "local-raw"'],
    [{ keyrings: { app: { provider: 'local-raw', keyFile: 'x', keyName: 'a b' } } }, 'keyrings.app.keyName: this must match pattern'],
    [{ keyrings: { all: { anyOf: ['app', 7] } } }, 'keyrings.all.anyOf[1]: this must be object'],
    [{ keyrings: { all: { anyOf: [] } } }, 'keyrings.all.anyOf: this must NOT have fewer than 1 items'],
    [{ keyrings: { all: { anyOf: ['a'], provider: 'local-raw' } } }, 'keyrings.all.provider: there is no such setting'],
    [{ keyrings: { 'a:b': 'local-raw:x' } }, 'keyrings["a:b"]: this name is not allowed'],
    [{ context: { tenant: 1 } }, 'context.tenant: this must be string'],
    [{ context: { 'keyfold:x': 'y' } }, 'context["keyfold:x"]: this name is not allowed'],
    [{ defaultKeyring: {} }, 'defaultKeyring: this must NOT have fewer than 1 properties'],
    [{ defaultKeyring: { rewrap: 'x' } }, 'defaultKeyring.rewrap: there is no such setting'],
  ])('%j: the error names the place', async (value, expected) => {
    config(value);
    const { code, stderr } = await encrypt('-k', 'local-raw:app.key');
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
    expect(names()).not.toContain('data.keyfold');
  });

  test.each([
    [{ defaultKeyring: 'x' }, [], 'defaultKeyring: there is no keyring called "x"'],
    [{ keyrings: { app: 'local-raw:app.key' } }, ['-k', 'ap'], 'has app. For a key file, write local-raw:ap'],
    [{ keyrings: { app: 'local-raw:app.key' } }, ['-k', 'constructor'], 'no keyring called "constructor"'],
    [{ keyrings: { a: 'b' } }, ['-k', 'a'], 'keyrings.a: there is no keyring called "b"'],
    [{ keyrings: { a: { anyOf: ['local-raw:app.key', 'b'] }, b: 'a' } }, ['-k', 'a'], '"a" is made of itself: a -> b -> a'],
    [{ keyrings: { a: 'aws-kmss:x' } }, ['-k', 'a'], 'keyrings.a: there is no provider "aws-kmss"'],
    [{ keyrings: { a: { anyOf: ['local-raw:'] } } }, ['-k', 'a'], 'keyrings.a.anyOf[0]: name the key file'],
    [{ defaultKeyring: { decrypt: 'a' }, keyrings: { a: 'local-raw:app.key' } }, [], 'say which key to use'],
  ])('%j with %j', async (value, flags, expected) => {
    config(value);
    const { code, stderr } = await encrypt(...flags);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});

describe('whose configuration it is', () => {
  test('another user’s is not taken unasked', () => {
    expect(isTrustedOwner(1000, 1000)).toBe(true);
    expect(isTrustedOwner(0, 1000)).toBe(true);
    expect(isTrustedOwner(1001, 1000)).toBe(false);
    expect(isTrustedOwner(1001, 0)).toBe(false);
    // No such thing as owners there.
    expect(isTrustedOwner(1001, undefined)).toBe(true);
  });

  // Only the administrator can make a file someone else's.
  const testAsRoot = process.getuid?.() === 0 ? test : () => undefined;
  testAsRoot('the command says so, and takes it when it is named', async () => {
    config({ defaultKeyring: 'x', keyrings: { x: 'local-raw:app.key' } });
    chownSync(at('keyfold.config.json'), 12345, 12345);
    const refused = await encrypt();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('belongs to another user');
    expect((await encrypt('--config', `${folder()}/keyfold.config.json`)).code).toBe(0);
    expect((await encrypt('--no-config', '-k', 'local-raw:app.key')).code).toBe(0);
  });
});
