import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

// These processes run the built package, as its users do.
const run = promisify(execFile);
const script = (name: string): string => join(import.meta.dirname, 'runners', name);

it('runs under node:test', async () => {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', script('node-test.mjs')], { env });
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(100);
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(stdout).toMatch(/^# skipped 0$/m);
  expect(stdout).toContain('keyring contract: plain-aes inside any-of two');
});

it('finds out a keyring that leaves a rejected promise behind', async () => {
  const { stdout } = await run(process.execPath, [script('forgotten-promise.mjs')]);
  const failures = JSON.parse(stdout) as { title: string; message: string }[];
  expect(failures).toContainEqual({
    title: 'unwraps what it wrapped, also in another process',
    message: 'A promise of the keyring was rejected and nobody handled it.',
  });
});
