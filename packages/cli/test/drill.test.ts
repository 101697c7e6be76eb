import { encrypt, multiKeyring } from '@keyfold/core';
import { rawAesKeyring } from '@keyfold/local-raw';
import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { names, randomFile, read } from './support/files.js';
import { at, keyfold } from './support/keyfold.js';

const app = 'local-raw:app.key#app';
const backup = 'local-raw:backup.key#backup';
beforeEach(() => {
  randomFile('app.key', 32);
  randomFile('backup.key', 32);
  mkdirSync(at('vault/sub'), { recursive: true });
  randomFile('plain', 1000);
});

async function write(path: string, ...keys: readonly ('app' | 'backup')[]): Promise<void> {
  const members = keys.map((name) => rawAesKeyring({ name, key: read(`${name}.key`) }));
  writeFileSync(at(path), await encrypt(read('plain'), { keyring: multiKeyring({ members }) }));
}

interface Report {
  readonly passedOver: number;
  readonly verdict: { readonly level: string; readonly headline: string };
  readonly scenarios: readonly { readonly name: string; readonly gone: { readonly count: number; readonly ids: readonly string[] }; readonly unwrapped?: object }[];
}

async function drilled(args: readonly string[]): Promise<{ readonly code: number | null; readonly report: Report }> {
  const { code, stdout } = await keyfold(['drill', '--json', ...args]);
  return { code, report: JSON.parse(stdout.toString()) as Report };
}

describe('keyfold drill', () => {
  test('tells of envelopes, headers that were kept apart and texts what would be lost with what', async () => {
    await write('vault/both.keyfold', 'app', 'backup');
    await write('vault/sub/one.keyfold', 'app');
    await keyfold(['encrypt', 'plain', '-k', app, '--header', 'vault/h', '-o', 'vault/payload']);
    writeFileSync(at('vault/text'), (await keyfold(['encrypt', '-k', backup, '--text'], { input: 'secret' })).stdout);
    const { code, report } = await drilled(['vault']);
    expect(code).toBe(0);
    expect(report.passedOver).toBe(1);
    const lost = Object.fromEntries(report.scenarios.map(({ name, gone }) => [name, [...gone.ids].sort()]));
    expect(lost).toMatchObject({ 'nothing is lost': [], 'key local-raw:app': ['vault/h', 'vault/sub/one.keyfold'], 'key local-raw:backup': ['vault/text'] });
    const { stdout } = await keyfold(['drill', 'vault']);
    expect(stdout.toString()).toMatch(/^✗ Not safe: 4 envelopes are lost with provider local-raw\.\n4 envelopes read, 1 other file passed over, 2 keys/);
    expect(stdout.toString()).toMatch(/✗ +2 +2 +2 +key local-raw:app\n/);
  });

  test('the exit code says whether what is required holds, and is 8 also where that cannot be told', async () => {
    mkdirSync(at('mixed'));
    await write('vault/both.keyfold', 'app', 'backup');
    await write('mixed/one.keyfold', 'app');
    const cases: readonly (readonly [readonly string[], number, number])[] = [
      [['--must-survive', 'any-key'], 0, 8],
      [['--must-survive', 'any-two-keys'], 8, 8],
      [['--must-survive', 'any-region'], 8, 8],
      [['--must-survive', 'safe', '--lose', 'safe=key:local-raw:backup'], 0, 0],
      [['--must-survive', 'safe', '--lose', 'safe=key:local-raw:bakcup'], 8, 8],
      [['--must-survive', 'key:local-raw:app and key:local-raw:x', '--lose', 'key:local-raw:app key:local-raw:x'], 0, 8],
      [['--fail-on-pending'], 0, 0],
    ];
    const found = await Promise.all(
      cases.map(async ([args]) => [args, (await keyfold(['drill', 'vault', ...args])).code, (await keyfold(['drill', 'vault', 'mixed', ...args])).code]),
    );
    expect(found).toEqual(cases);
  });

  test('what was not read makes a requirement fail, and is an error without one', async () => {
    await write('vault/both.keyfold', 'app', 'backup');
    writeFileSync(at('vault/broken.keyfold'), read('vault/both.keyfold').subarray(0, 50));
    const plain = await keyfold(['drill', 'vault']);
    expect(plain.code).toBe(4);
    expect(plain.stderr).toContain('vault/broken.keyfold');
    expect((await keyfold(['drill', 'vault', '--must-survive', 'any-key'])).code).toBe(8);
  });

  test('an empty folder is no drill', async () => {
    const { code, stdout } = await keyfold(['drill', 'vault', '--must-survive', 'any-key']);
    expect(code).toBe(8);
    expect(stdout.toString()).toContain('No envelope was found, so nothing was drilled.');
  });

  test('writes the report as a page, and replaces none unasked', async () => {
    await write('vault/<b>&one.keyfold', 'app');
    const { code, stderr } = await keyfold(['drill', '--html', 'drill.html', '--title', 'The vault', 'vault']);
    expect(code).toBe(0);
    expect(stderr).toContain('The report is in drill.html.');
    const page = read('drill.html').toString();
    expect(page).toContain('<bdi>The vault</bdi>');
    expect(page).toContain('vault/&lt;b&gt;&amp;one.keyfold');
    expect((await keyfold(['drill', '--html', 'drill.html', 'vault'])).code).toBe(5);
    expect(read('drill.html').toString()).toBe(page);
    expect((await keyfold(['drill', '--html', 'drill.html', '--force', 'vault'])).code).toBe(0);
    expect(names()).toEqual(['app.key', 'backup.key', 'drill.html', 'plain', 'vault']);
  });

  test('a plan says losses, domains and requirements', async () => {
    await write('vault/both.keyfold', 'app', 'backup');
    const plan = {
      domains: [{ keys: 'key:local-raw:app key:local-raw:backup', are: { site: 'Zug' } }],
      scenarios: [{ name: 'Zug burns', lost: 'site:Zug' }],
      require: ['any-key'],
    };
    writeFileSync(at('drill.json'), JSON.stringify(plan));
    expect((await keyfold(['drill', '--plan', 'drill.json', 'vault'])).code).toBe(0);
    const { code, stdout } = await keyfold(['drill', '--plan', 'drill.json', '--must-survive', 'Zug burns', 'vault']);
    expect(code).toBe(8);
    expect(stdout.toString()).toContain('✓ any-key\n✗ Zug burns: 1 envelope is lost with “Zug burns”.');
    writeFileSync(at('drill.json'), '{ "scenario": [] }');
    const wrong = await keyfold(['drill', '--plan', 'drill.json', 'vault']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('drill.json: scenario: there is no such field');
  });

  test('really opens with what is left', async () => {
    await write('vault/both.keyfold', 'app', 'backup');
    const fine = await drilled(['--unwrap', '-k', app, '-k', backup, '--must-survive', 'any-key', 'vault']);
    expect(fine.code).toBe(0);
    expect(fine.report.verdict.headline).toBe('The envelope survives the loss of any one key; 1 was really opened each way.');
    randomFile('wrong.key', 32);
    const wrong = 'local-raw:wrong.key#backup';
    const { code, stdout } = await keyfold(['drill', '--unwrap', '-k', app, '-k', wrong, '--must-survive', 'any-key', 'vault']);
    expect(code).toBe(8);
    expect(stdout.toString()).toMatch(/Did not open:\n {2}vault\/both\.keyfold\n {4}when key local-raw:app is lost: None of the keys/);
  });

  test.each([
    [['-k', app], '--key'],
    [['--sample', '3'], '--sample'],
    [['--must-survive', 'typo'], 'there is no requirement "typo"'],
    [['--lose', 'eu-west-1'], '--lose'],
    [['--unwrap', '-k', app, '--sample', '0'], '--sample'],
  ])('%j is refused', async (args, expected) => {
    const { code, stderr } = await keyfold(['drill', ...args, 'vault']);
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
  });
});
