import * as pty from '@lydell/node-pty';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { digest, makeKey, names, randomFile, read } from './support/files.js';
import { at, environment, folder, keyfold, MAIN, shell } from './support/keyfold.js';

let key = '';
beforeEach(async () => {
  key = await makeKey('app');
});

interface Seen {
  readonly code: number;
  /** Everything that came to the terminal, with what makes it move and coloured. */
  readonly raw: string;
  /** The same without colours. */
  readonly text: string;
}

const COLOUR = /\u001b\[[\d;]*m/g;

/** Runs a command of the POSIX shell on a terminal of 80 columns and 24 rows. */
async function onTerminal(script: string, env: Readonly<Record<string, string>> = {}, typed = ''): Promise<Seen> {
  const terminal = pty.spawn('/bin/sh', ['-c', script], {
    name: env['TERM'] ?? 'xterm-256color',
    cols: 80,
    rows: 24,
    cwd: folder(),
    env: defined(environment(env)),
  });
  let raw = '';
  terminal.onData((data) => {
    raw += data;
  });
  if (typed !== '') terminal.write(typed);
  return await new Promise((resolve) => {
    terminal.onExit(({ exitCode }) => {
      resolve({ code: exitCode, raw, text: raw.replaceAll(COLOUR, '').replaceAll('\r\n', '\n') });
    });
  });
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

describe('binary data and a terminal', () => {
  test.each([
    ['encrypt -k KEY data -o -', '--text'],
    ['encrypt -k KEY < data', '-o'],
    ['decrypt -k KEY data.keyfold -o -', '-o <file>'],
    ['decrypt -k KEY < data.keyfold', '-o <file>'],
  ])('%s is refused, and says what to do', async (command, advice) => {
    randomFile('data', 5000);
    await keyfold(['encrypt', '-k', key, 'data']);
    const { code, text } = await onTerminal(`keyfold ${command.replace('KEY', key)}`);
    expect(code).toBe(2);
    expect(text).toContain(advice);
    expect(text).not.toContain('\ufffd');
    expect(text).not.toContain('KEYFOLD');
  });

  test('text is shown: an envelope with --text, a plaintext that is text', async () => {
    writeFileSync(at('note'), 'Grüße,\tΩ\nsecond line\n');
    const { code, text } = await onTerminal(`keyfold encrypt -k ${key} --text < note`);
    expect(code).toBe(0);
    expect(text).toMatch(/^keyfold1\.[\w-]+\n$/);
    await keyfold(['encrypt', '-k', key, 'note']);
    const shown = await onTerminal(`keyfold decrypt -k ${key} note.keyfold -o -`);
    expect([shown.code, shown.text]).toEqual([0, 'Grüße,\tΩ\nsecond line\n']);
  });

  test('text is shown whole where a segment ends within a character', async () => {
    const text = `${'x'.repeat(131_071)}ü`;
    writeFileSync(at('note'), text);
    await keyfold(['encrypt', '-k', key, 'note']);
    const shown = await onTerminal(`keyfold decrypt -k ${key} note.keyfold -o -`);
    expect([shown.code, digest(Buffer.from(shown.text))]).toEqual([0, digest(Buffer.from(text))]);
  });

  test.each([
    ['an escape sequence', 'a\u001b[2Jb'],
    ['a C1 control character', 'a\u009b2Jb'],
    ['ill-formed UTF-8', Buffer.from([0x61, 0xff])],
    ['UTF-8 that was cut off', Buffer.from([0x61, 0xe2, 0x82])],
  ])('plaintext with %s never reaches the terminal', async (_, content) => {
    writeFileSync(at('note'), content);
    await keyfold(['encrypt', '-k', key, 'note']);
    const { code, raw } = await onTerminal(`keyfold decrypt -k ${key} note.keyfold -o -`);
    expect(code).toBe(2);
    expect(raw).not.toContain('[2J');
    expect(raw).not.toContain('\u009b');
  });

  test('redirected, anything goes', async () => {
    randomFile('data', 5000);
    const { code, text } = await onTerminal(`keyfold encrypt -k ${key} data -o - > e && keyfold decrypt -k ${key} e -o - > copy`);
    expect([code, text]).toEqual([0, '']);
    expect(read('copy')).toEqual(read('data'));
  });

  test('with nothing to read, it says what to name instead of waiting', async () => {
    for (const command of ['encrypt', 'decrypt', 'inspect']) {
      const { code, text } = await onTerminal(`keyfold ${command}${command === 'inspect' ? '' : ` -k ${key}`}`);
      expect(code).toBe(2);
      expect(text).toContain('name a file, or pipe data in');
    }
  });

  test('- reads from the keyboard', async () => {
    const { code } = await onTerminal(`keyfold encrypt -k ${key} - -o e`, {}, 'typed\r\u0004');
    expect(code).toBe(0);
    expect((await keyfold(['decrypt', '-k', key, 'e', '-o', '-'])).stdout.toString()).toBe('typed\n');
  });
});

describe('colours', () => {
  test('on a terminal, and not where NO_COLOR or a dumb terminal says otherwise, nor in a pipe', async () => {
    randomFile('data', 10);
    await keyfold(['encrypt', '-k', key, 'data']);
    const inspect = 'keyfold inspect data.keyfold';
    const fail = 'keyfold inspect nowhere';
    for (const command of [inspect, fail]) {
      expect((await onTerminal(command)).raw).toMatch(COLOUR);
      expect((await onTerminal(command, { NO_COLOR: '1' })).raw).not.toMatch(COLOUR);
      expect((await onTerminal(command, { TERM: 'dumb' })).raw).not.toMatch(COLOUR);
      expect((await onTerminal(`${command} 2>&1 | cat`)).raw).not.toMatch(COLOUR);
    }
  });
});

describe('lines', () => {
  test('of errors and summaries are broken between words', async () => {
    const long = `${'long-'.repeat(12)}name`;
    randomFile(long, 10);
    const summary = await onTerminal(`keyfold encrypt -k ${key} ${long}`);
    const error = await onTerminal(`keyfold encrypt ${long}`);
    for (const { text } of [summary, error]) {
      expect(text.trimEnd().split('\n').length).toBeGreaterThan(1);
      expect(text).not.toMatch(/\S{81}/);
    }
    expect(summary.text.replaceAll('\n', ' ')).toContain(`Encrypted ${long} (10 bytes) into ${long}.keyfold, under app`);
  });

  test('of every help fit into 80 columns', async () => {
    for (const args of [[], ['keygen'], ['encrypt'], ['decrypt'], ['inspect']]) {
      const { stdout } = await shell(`keyfold ${args.join(' ')} --help`);
      for (const line of stdout.toString().split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });
});

describe('the progress bar', () => {
  /** Feeds a pipe slowly enough for the bar to appear: a second of silence, then the rest. */
  const slowly = (total: number): string => `(head -c ${total / 2} data; sleep 1.2; tail -c ${total / 2} data)`;

  test('shows bytes, rate and time for a pipe, and is gone in the end', async () => {
    randomFile('data', 4_000_000);
    const { code, raw, text } = await onTerminal(`${slowly(4_000_000)} | keyfold encrypt -k ${key} -o out`);
    expect(code).toBe(0);
    expect(text).toMatch(/stdin {2}[\d.]+ [KM]iB {2}[\d.]+ \w+\/s {2}\d+ s/);
    // The last line of it is erased before the summary is written.
    expect(raw.lastIndexOf('\u001b[K')).toBeLessThan(raw.indexOf('Encrypted stdin'));
    expect(text.slice(text.lastIndexOf('\u001b[K') + 3)).toBe('Encrypted stdin (3.8 MiB) into out, under app\n');
  });

  test('shows a bar, percentage and time left for a file', async () => {
    // What makes a file slow is the reader of the output.
    randomFile('data', 8_000_000);
    const { text } = await onTerminal(`keyfold encrypt -k ${key} data -o - | (head -c 3000000; sleep 1.5; cat) > out`);
    expect(text).toMatch(/data {2}[█░]+ {2} *\d+ % {2}[\d.]+ MiB of 7\.6 MiB {2}[\d.]+ \w+\/s {2}[\d:]+( s)? left/);
    expect((await keyfold(['decrypt', '-k', key, 'out', '-o', 'copy'])).code).toBe(0);
  });

  test.each<[string, (total: number) => string, string, Record<string, string>]>([
    ['short work', (total: number) => `head -c ${total} data`, '', {}],
    ['--quiet', slowly, '--quiet', {}],
    ['--json', slowly, '--json', {}],
    ['a dumb terminal', slowly, '', { TERM: 'dumb' }],
    ['stderr in a file', slowly, '2> log', {}],
  ])('does not show with %s', async (_, source, flags, env) => {
    randomFile('data', 4_000_000);
    const { code, raw } = await onTerminal(`(${source(4_000_000)}) | keyfold encrypt -k ${key} -o out ${flags}`, env);
    expect(code).toBe(0);
    expect(raw).not.toContain('\u001b[K');
    if (names().includes('log')) expect(read('log').toString()).toBe('Encrypted stdin (3.8 MiB) into out, under app\n');
  });

  test('is taken away when the work fails, or is interrupted', async () => {
    randomFile('data', 4_000_000);
    await keyfold(['encrypt', '-k', key, 'data']);
    const script = `(head -c 2000000 data.keyfold; sleep 1.2; head -c 1000000 data) | keyfold decrypt -k ${key} -o out`;
    const { code, text } = await onTerminal(script);
    expect(code).toBe(4);
    expect(text).toContain('stdin');
    expect(text.slice(text.lastIndexOf('\u001b[K') + 3)).toMatch(/^keyfold: Segment \d+/);
  });
});

test.each([['encrypt', '-o', 'out'], ['decrypt'], ['inspect']])('Ctrl-C while %s waits for the keyboard', async (command, ...flags) => {
  const args = command === 'inspect' ? [] : ['-k', key];
  const terminal = pty.spawn(process.execPath, [MAIN, command, ...args, ...flags, '-'], { cwd: folder(), env: defined(environment()) });
  const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => {
    terminal.onExit(resolve);
  });
  // Long enough to have started; before that, a signal ends any process.
  await sleep(1000);
  terminal.write('\u0003');
  expect((await ended).signal).toBe(2);
});

test('Ctrl-C on a terminal', async () => {
  const terminal = pty.spawn(process.execPath, [MAIN, 'encrypt', '-k', key, '-', '-o', 'out'], {
    cwd: folder(),
    env: defined({ TERM: 'xterm', ...environment() }),
  });
  let text = '';
  terminal.onData((data) => {
    text += data;
  });
  const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => {
    terminal.onExit(resolve);
  });
  while (!names().some((name) => name.endsWith('.keyfold-tmp'))) await sleep(5);
  terminal.write('\u0003');
  const { signal } = await ended;
  expect(signal).toBe(2);
  expect(text).toContain('Interrupted; files are as they were.');
  expect(names()).toEqual(['app.key']);
});
