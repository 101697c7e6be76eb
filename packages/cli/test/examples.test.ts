import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { names, randomFile, read } from './support/files.js';
import { at, shell } from './support/keyfold.js';

/** What the examples work on. */
beforeEach(() => {
  for (const name of ['report.pdf', 'in.pdf', 'film.mp4']) randomFile(name, 300_000);
  mkdirSync(at('photos'));
  randomFile('photos/1.jpg', 1000);
});

/** The examples of a help page: the lines that begin with a prompt, and what continues them. */
async function examplesOf(command: string): Promise<string> {
  const { stdout } = await shell(`keyfold ${command} --help`);
  const lines = [...stdout.toString().matchAll(/^ {4}\$ ((?:.*\\\n)*.*)$/gm)].map((match) => match[1] ?? '');
  expect(lines.length).toBeGreaterThan(2);
  return lines.join('\n');
}

test.each(['', 'keygen', 'encrypt', 'decrypt', 'inspect', 'rewrap', 'repair', 'keys', 'check', 'drill'])(
  'the help of %j fits a terminal of 80 columns',
  async (command) => {
    const { stdout } = await shell(`keyfold ${command} --help`);
    expect(stdout.toString().split('\n').filter((line) => line.length > 80)).toEqual([]);
  },
);

/** Stops at the first command that fails. `pass` is a password manager that not everyone has. */
async function run(script: string): Promise<string> {
  const { code, stdout, stderr } = await shell(`set -e; pass() { cat > passed; }\n${script}`, { env: { TOKEN: 'hunter2' } });
  expect(stderr).not.toContain('keyfold:');
  expect(code).toBe(0);
  return stdout.toString();
}

describe('what the help shows can be typed in', () => {
  test('keyfold --help', async () => {
    await run(await examplesOf(''));
    expect(read('copy.pdf')).toEqual(read('report.pdf'));
  });

  test('keyfold keygen --help', async () => {
    await run(await examplesOf('keygen'));
    expect(names()).toEqual(expect.arrayContaining(['app.key', 'break-glass.pem', 'break-glass.pub.pem']));
    expect(read('passed').toString()).toContain('keyfold-aes256-key:');
  });

  test('keyfold encrypt --help, then decrypt --help and inspect --help on what came of it', async () => {
    const originals = { report: read('report.pdf'), in: read('in.pdf'), film: read('film.mp4') };
    const encrypting = await run(`keyfold keygen -n app -o app.key\n${await examplesOf('encrypt')}`);
    const secret = `SECRET=${encrypting.trim()}\n`;
    expect(secret).toContain('keyfold1.');
    const inspecting = await run(secret + (await examplesOf('inspect')));
    expect(inspecting.match(/^Keys /gm)).toHaveLength(3);

    await shell('rm -r report.pdf in.pdf film.mp4 photos');
    const decrypting = await run(secret + (await examplesOf('decrypt')));
    expect(decrypting).toBe('hunter2');
    expect({ report: read('report.pdf'), in: read('in.pdf'), film: read('film.mp4') }).toEqual(originals);
    expect(names()).toContain('photos');
  });
});

test('the scripts of the guide to backups write, check and restore, and a failing tar leaves no backup', async () => {
  const guide = readFileSync(new URL('../../../docs/guides/backups.md', import.meta.url), 'utf8');
  const [keygen = '', write = '', restore = ''] = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  const bash = async (script: string): Promise<number | null> => {
    writeFileSync(at('script'), script);
    return (await shell('bash script')).code;
  };
  mkdirSync(at('backups'));
  expect([await bash(keygen), await bash(write), await bash(restore)]).toEqual([0, 0, 0]);
  expect(read('restored/photos/1.jpg')).toEqual(read('photos/1.jpg'));

  await shell('rm -r backups photos; mkdir backups');
  expect(await bash(write)).not.toBe(0);
  const { stdout } = await shell('ls backups');
  expect(stdout.toString()).toMatch(/^photos-[\d-]+\.tar\.keyfold\.part\n$/);
});

test('what the help of drill and repair shows can be typed in', async () => {
  await run('keyfold keygen -n app -o app.key; keyfold keygen -n backup -o backup.key; mkdir vault; keyfold encrypt -k local-raw:app.key -k local-raw:backup.key report.pdf -o vault/report');
  writeFileSync(at('drill.json'), '{ "require": ["any-key"] }');
  const drills = await run(await examplesOf('drill'));
  expect(drills.match(/^✗ Not safe: 1 envelope is lost with provider local-raw/gm)).toHaveLength(4);
  expect(drills.match(/^✓ The envelope survives the loss of any one key\.$/gm)).toHaveLength(2);
  expect(names()).toContain('drill.html');
  const repairs = await run(await examplesOf('repair'));
  expect(repairs).toContain('0 files repaired, 1 without pending keys');
});

test('what the README shows can be typed in, from top to bottom, with and without its configuration', async () => {
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const fences = [...page.matchAll(/^```(sh|json)\n(.*?)^```$/gms)];
  const commands = fences.filter(([, language]) => language === 'sh').map(([, , body]) => body ?? '');
  expect(commands.length).toBeGreaterThan(4);
  const output = await run(commands.join('\n'));
  expect(output).toContain('photos/1.jpg');
  // What was decrypted has no line of its own: the dry run's answer follows it.
  expect(output).toContain('hunter2' + '2 files would be rewrapped');
  expect(output).toContain('Safe: no envelope has a wrapped key of local-raw:app-2026.');
  expect(read('recovered.pdf')).toEqual(read('report.pdf'));
  expect(read('copy.mp4')).toEqual(read('film.mp4'));

  const config = fences.find(([, language, body]) => language === 'json' && body?.includes('defaultKeyring'));
  writeFileSync(at('keyfold.config.json'), config?.[2] ?? '');
  await run('keyfold encrypt report.pdf -o configured.keyfold; rm break-glass*; keyfold decrypt configured.keyfold -o configured.pdf');
  expect(read('configured.pdf')).toEqual(read('report.pdf'));
});
