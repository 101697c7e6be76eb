import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeKey, read } from './support/files.js';
import { at, keyfold, shell } from './support/keyfold.js';

const MIB = 1024 * 1024;
const LENGTH = 512 * MIB;
const LIMIT = 150 * MIB;

let key = '';
beforeEach(async () => {
  key = await makeKey('app');
  // A file with a beginning, an end, and a hole between, which the disk need not hold.
  const file = openSync(at('data'), 'w');
  writeSync(file, 'first', 0);
  writeSync(file, 'last', LENGTH - 4);
  closeSync(file);
  writeFileSync(at('report-memory.mjs'), REPORT_MEMORY);
});

/** Loaded into the command: writes down the most memory that it ever had resident, in KiB. */
const REPORT_MEMORY = `
  import { writeFileSync } from 'node:fs';
  process.on('exit', () => writeFileSync('memory.' + process.argv[2], String(process.resourceUsage().maxRSS)));
`;

function memoryOf(command: string): number {
  return Number(read(`memory.${command}`).toString()) * 1024;
}

/** So that two files of half a gigabyte need not be read here. */
const compare = 'cmp -s data copy';

describe('512 MiB', () => {
  test('from file to file stay under 150 MiB of memory', async () => {
    const env = { NODE_OPTIONS: `--import ${at('report-memory.mjs')}` };
    expect((await keyfold(['encrypt', '-k', key, 'data', '-q'], { env })).code).toBe(0);
    expect((await keyfold(['decrypt', '-k', key, 'data.keyfold', '-o', 'copy', '-q'], { env })).code).toBe(0);
    expect((await shell(compare)).code).toBe(0);
    expect(memoryOf('encrypt')).toBeLessThan(LIMIT);
    expect(memoryOf('decrypt')).toBeLessThan(LIMIT);
  });

  test('through pipes stay under 150 MiB of memory', async () => {
    const env = { NODE_OPTIONS: `--import ${at('report-memory.mjs')}` };
    const script = `cat data | keyfold encrypt -k ${key} | keyfold decrypt -k ${key} > copy && ${compare}`;
    expect((await shell(script, { env })).code).toBe(0);
    expect(memoryOf('encrypt')).toBeLessThan(LIMIT);
    expect(memoryOf('decrypt')).toBeLessThan(LIMIT);
  });
});
