import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { digest, makeKey, names, randomFile, read } from './support/files.js';
import { at, environment, finished, folder, keyfold, start } from './support/keyfold.js';

let key = '';
beforeEach(async () => {
  key = await makeKey('app');
});

/** Waits until something is so. The test's own time limit ends what never comes. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

const isTemporary = (name: string): boolean => name.endsWith('.keyfold-tmp');

describe('a signal', () => {
  test.each([
    ['SIGINT', ['encrypt'], 'plain'],
    ['SIGTERM', ['encrypt'], 'plain'],
    ['SIGHUP', ['encrypt'], 'plain'],
    ['SIGINT', ['decrypt'], 'envelope'],
  ] as const)('%s during %s leaves no file behind, and the old one as it was', async (signal, command, input) => {
    const plaintext = randomFile('plain', 3_000_000);
    await keyfold(['encrypt', '-k', key, 'plain', '-o', 'envelope']);
    writeFileSync(at('out'), 'old');
    const before = names();

    const child = start([...command, '-k', key, '-o', 'out', '--force']);
    const ended = new Promise<[number | null, string | null]>((resolve) => {
      child.on('close', (code, by) => {
        resolve([code, by]);
      });
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    // The input never ends: it is in the middle of its work for sure.
    child.stdin?.on('error', () => undefined);
    child.stdin?.write(input === 'plain' ? plaintext : read('envelope').subarray(0, 2_000_000));
    await until(() => names().some(isTemporary));
    child.kill(signal);

    expect(await ended).toEqual([null, signal]);
    expect(stderr).toBe('keyfold: Interrupted; files are as they were.\n');
    expect(names()).toEqual(before);
    expect(read('out').toString()).toBe('old');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s is what a shell sees: %i', async (signal, code) => {
    const script = `sh -c 'echo $$ > pid; exec keyfold encrypt -k ${key} -o out --json'; echo $? > code`;
    const child = spawn('/bin/sh', ['-c', script], { cwd: folder(), env: environment() });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    // It waits for its input, which stays open and silent.
    await until(() => names().some(isTemporary));
    process.kill(Number(read('pid').toString()), signal);
    await once(child, 'close');
    expect(read('code').toString().trim()).toBe(String(code));
    expect(JSON.parse(stderr.split('\n').find((line) => line.startsWith('{')) ?? '')).toMatchObject({ error: { code: 'aborted' } });
    expect(names().filter(isTemporary)).toEqual([]);
  });

  test.each(['encrypt', 'decrypt'])('ends %s too while the reader of stdout is stuck', async (command) => {
    randomFile('plain', 3_000_000);
    await keyfold(['encrypt', '-k', key, 'plain', '-o', 'envelope', '-q']);
    const child = start([command, '-k', key, command === 'encrypt' ? 'plain' : 'envelope', '-o', '-']);
    // Something has come, and nobody takes more: soon the pipe is full.
    await once(child.stdout as NonNullable<typeof child.stdout>, 'readable');
    await sleep(500);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  });
});

describe('a named pipe', () => {
  beforeEach(() => {
    execFileSync('mkfifo', [at('pipe')]);
  });

  test.each([
    ['decrypt', 'pipe', '-o', 'out'],
    ['encrypt', 'pipe', '-o', 'out'],
    ['decrypt', 'payload', '--header', 'pipe', '-o', 'out'],
    ['inspect', 'pipe'],
  ])('into which nobody writes does not hold up a signal: %s %s %s %s', async (command, ...args) => {
    writeFileSync(at('payload'), 'something');
    const child = start([command, ...args, ...(command === 'inspect' ? [] : ['-k', key])]);
    const ended = once(child, 'close');
    // By then it waits for the other end; on a slow machine it may not, and is ended all the same.
    await sleep(700);
    child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
    expect(names()).not.toContain('out');
  });

  test('among files is passed over with an error, and not opened', async () => {
    writeFileSync(at('key'), randomFile('app2.key', 32));
    await keyfold(['encrypt', '-k', key, 'key', '-o', 'envelope']);
    const keys = await keyfold(['keys', 'envelope', 'pipe', '--json']);
    expect(JSON.parse(keys.stdout.toString())).toMatchObject({ envelopes: 1, unreadable: [{ path: 'pipe', error: { code: 'invalid-argument' } }] });
    const rewrap = await keyfold(['rewrap', '-k', key, '-w', 'local-raw:app2.key#app2', 'pipe', 'envelope', '--json']);
    expect(JSON.parse(rewrap.stdout.toString())).toMatchObject({ files: { rewrapped: 1, failed: 1 } });
  });

  test('whose writer is silent does not hold up a signal after an error', async () => {
    const child = start(['decrypt', '-k', key, 'pipe', '-o', 'out']);
    const writer = spawn('/bin/sh', ['-c', 'exec 3> pipe; echo this is no envelope >&3; exec sleep 60'], { cwd: folder(), stdio: 'ignore' });
    const ended = once(child, 'close');
    await once(child.stderr as NonNullable<typeof child.stderr>, 'data');
    // Behind its message it is done with everything of its own.
    await sleep(200);
    child.kill('SIGTERM');
    await ended;
    expect(names()).not.toContain('out');
    writer.kill();
  });
});

describe('a reader of stdout that goes away', () => {
  test('ends it although its own input stays open', async () => {
    const child = start(['encrypt', '-k', key]);
    child.stdin?.on('error', () => undefined);
    child.stdin?.write(Buffer.alloc(300_000));
    await once(child.stdout as NonNullable<typeof child.stdout>, 'readable');
    child.stdout?.destroy();
    // The next segment finds out.
    child.stdin?.write(Buffer.alloc(3_000_000));
    expect(await once(child, 'exit')).toEqual([141, null]);
  });
});

describe('kill -9 at any moment', () => {
  test('leaves the old file or the new one, never half of one', async () => {
    const plaintext = randomFile('plain', 24_000_000);
    writeFileSync(at('target'), 'old');
    const args = ['encrypt', '-k', key, 'plain', '-o', 'target', '--force', '--quiet'];
    const started = performance.now();
    expect((await finished(start(args))).code).toBe(0);
    const duration = performance.now() - started;
    const seen = { old: 0, new: 0 };
    for (let i = 0; i < 24; i++) {
      writeFileSync(at('target'), 'old');
      const child = start(args);
      const ended = once(child, 'exit');
      // From before it has begun to after it has ended.
      const timer = setTimeout(() => child.kill('SIGKILL'), (duration * 1.1 * i) / 23);
      await ended;
      clearTimeout(timer);
      expect(existsSync(at('target'))).toBe(true);
      if (read('target').toString('latin1', 0, 3) === 'old') {
        expect(read('target').length).toBe(3);
        seen.old++;
        continue;
      }
      const { code, stdout } = await keyfold(['decrypt', '-k', key, 'target', '-o', '-']);
      expect(code).toBe(0);
      expect(digest(stdout)).toBe(digest(plaintext));
      seen.new++;
    }
    expect(seen.old).toBeGreaterThan(0);
  });

  test('in the middle of writing: the old file is whole, and the next run succeeds', async () => {
    randomFile('plain', 1000);
    writeFileSync(at('target'), 'old');
    const child = start(['encrypt', '-k', key, '-o', 'target', '--force']);
    child.stdin?.on('error', () => undefined);
    child.stdin?.write(Buffer.alloc(3_000_000));
    await until(() => names().some(isTemporary));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(read('target').toString()).toBe('old');
    expect((await keyfold(['encrypt', '-k', key, 'plain', '-o', 'target', '--force'])).code).toBe(0);
    expect((await keyfold(['decrypt', '-k', key, 'target', '-o', 'copy'])).code).toBe(0);
  });
});
