import * as pty from '@lydell/node-pty';
import { writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { digest, makeKey, names, randomFile, read } from './support/files.js';
import { at, environment, folder, keyfold, shell } from './support/keyfold.js';

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

/** The unit separator, which nothing else prints, and the exit code. */
const END = /\u001f(\d+)$/;

/**
 * Runs a command of the POSIX shell on a terminal of 80 columns and 24 rows.
 *
 * @param onData - called with everything seen so far whenever there is more; it may type
 */
async function onTerminal(
  script: string,
  env: Readonly<Record<string, string>> = {},
  onData: (terminal: pty.IPty, seen: string) => void = () => undefined,
): Promise<Seen> {
  // What a process wrote just before its end may be lost, so the shell stays until everything has arrived.
  const terminal = pty.spawn('/bin/sh', ['-c', `${script}\nprintf '\\037%s' $?; read line`], {
    name: env['TERM'] ?? 'xterm-256color',
    cols: 80,
    rows: 24,
    cwd: folder(),
    env: defined(environment(env)),
  });
  let raw = '';
  let code: number | undefined;
  terminal.onData((data) => {
    if (code !== undefined) return;
    raw += data;
    onData(terminal, raw);
    const end = END.exec(raw);
    if (end === null) return;
    raw = raw.slice(0, end.index);
    code = Number(end[1]);
    terminal.write('\r');
  });
  return await new Promise((resolve) => {
    terminal.onExit(({ exitCode }) => {
      resolve({ code: code ?? exitCode, raw, text: raw.replaceAll(COLOUR, '').replaceAll('\r\n', '\n') });
    });
  });
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

test('a terminal that does not say how wide it is: lines stay whole', async () => {
  const { code, text } = await onTerminal('stty cols 0 rows 0; keyfold encrypt --frobnicate');
  expect(code).toBe(2);
  expect(text).toContain("keyfold: unknown option '--frobnicate'");
});

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
    const { code } = await onTerminal(`echo ready; keyfold encrypt -k ${key} - -o e`, {}, (terminal, seen) => {
      if (seen === 'ready\r\n') terminal.write('typed\r\u0004');
    });
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
      expect((await onTerminal(`${command} 2>&1 | cat`, { CI: 'true' })).raw).not.toMatch(COLOUR);
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
  /** A pipe that trickles until the test has seen enough of it. */
  const trickle = 'while [ ! -e enough ]; do head -c 100000 data; sleep 0.05; done';
  const PIPE_BAR = /stdin {2}[\d.]+ [KM]iB {2}[\d.]+ \w+\/s {2}\d+ s/;

  test('shows bytes, rate and time for a pipe, and is gone in the end', async () => {
    randomFile('data', 100_000);
    const { code, raw, text } = await onTerminal(`(${trickle}) | keyfold encrypt -k ${key} -o out`, {}, (_, seen) => {
      if (PIPE_BAR.test(seen)) writeFileSync(at('enough'), '');
    });
    expect(code).toBe(0);
    expect(text).toMatch(PIPE_BAR);
    // It is erased before the summary is written.
    expect(raw.slice(raw.lastIndexOf('\u001b[K') + 3)).toMatch(/^Encrypted stdin \([\d.]+ [KM]iB\) into out, under app\r\n$/);
  });

  test('is taken away when the work is interrupted', async () => {
    randomFile('data', 100_000);
    await shell('mkfifo pipe');
    const feeding = shell(`(${trickle}) > pipe`);
    const { code, raw } = await onTerminal(`trap : INT; keyfold encrypt -k ${key} -o out < pipe`, {}, (terminal, seen) => {
      if (PIPE_BAR.test(seen) && !names().includes('enough')) {
        writeFileSync(at('enough'), '');
        terminal.write('\u0003');
      }
    });
    await feeding;
    expect(code).toBe(130);
    expect(raw.slice(raw.lastIndexOf('\u001b[K') + 3).replaceAll(COLOUR, '')).toBe('keyfold: Interrupted; files are as they were.\r\n');
  });

  test('shows a bar, percentage and time left for a file', async () => {
    randomFile('data', 8_000_000);
    // What makes it slow is the reader of the output.
    const { text } = await onTerminal(`keyfold encrypt -k ${key} data -o - | (head -c 3000000; sleep 1.5; cat) > out`);
    expect(text).toMatch(/data {2}[█░]+ {2} *\d+ % {2}[\d.]+ MiB of 7\.6 MiB {2}[\d.]+ \w+\/s {2}[\d:]+( s)? left/);
    expect((await keyfold(['decrypt', '-k', key, 'out', '-o', 'copy'])).code).toBe(0);
  });

  const slowly = '(head -c 2000000 data; sleep 2; tail -c 2000000 data)';
  test.each<[string, string, string, Record<string, string>]>([
    ['short work', 'cat data', '', {}],
    ['--quiet', slowly, '--quiet', {}],
    ['--json', slowly, '--json', {}],
    ['a dumb terminal', slowly, '', { TERM: 'dumb' }],
    ['stderr in a file', slowly, '2> log', {}],
  ])('does not show with %s', async (_, source, flags, env) => {
    randomFile('data', 4_000_000);
    const { code, raw } = await onTerminal(`${source} | keyfold encrypt -k ${key} -o out ${flags}`, env);
    expect(code).toBe(0);
    expect(raw).not.toContain('\u001b[K');
    if (names().includes('log')) expect(read('log').toString()).toBe('Encrypted stdin (3.8 MiB) into out, under app\n');
  });
});

describe('Ctrl-C', () => {
  test.each([
    ['encrypt', '-o out'],
    ['decrypt', '-o out'],
    ['decrypt', '-o -'],
    ['inspect', ''],
  ])('ends %s %s while it waits for the keyboard', async (command, flags) => {
    const keys = command === 'inspect' ? '' : `-k ${key}`;
    const { code } = await onTerminal(`trap : INT; echo ready; keyfold ${command} ${keys} ${flags} -`, {}, (terminal, seen) => {
      if (seen !== 'ready\r\n') return;
      // Long enough to have started on most days; before that, a signal ends any process.
      setTimeout(() => {
        terminal.write('\u0003');
      }, 1500);
    });
    expect(code).toBe(130);
    expect(names()).toEqual(['app.key']);
  });
});
