import { readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { keyfoldCommand, makeKeyOptions } from '../lib/cli.mjs';
import { runProgram } from '../lib/program.mjs';
import { writeRandomFile } from '../lib/random-data.mjs';
import { GIB, MIB, size } from '../lib/units.mjs';

/** MiB that the command may have resident. */
const LIMIT = 150;
const reporter = new URL('../lib/report-resident.mjs', import.meta.url).href;

/** @type {import('../lib/run-group.mjs').Group} */
export const memory = {
  name: 'memory',
  title: 'Memory of the command line: the most that was resident',
  cases: ({ quick, folder }) => {
    const bytes = quick ? 512 * MIB : 4 * GIB;
    return /** @type {const} */ (['encrypt', 'decrypt']).map((direction) => ({
      name: `${direction} a file of ${size(bytes)}`,
      limit: LIMIT,
      read: async () => await mostResident(direction, bytes, folder),
    }));
  },
};

/** @param {'encrypt' | 'decrypt'} direction @param {number} bytes @param {string} folder */
async function mostResident(direction, bytes, folder) {
  const { bavail, bsize } = await statfs(folder);
  const needed = 2 * bytes + GIB;
  if (bavail * bsize < needed) return { skipped: `needs ${size(needed)} of free space; --dir names another folder` };
  const plain = join(folder, 'memory.plain');
  const envelope = join(folder, 'memory.keyfold');
  const report = join(folder, 'memory.resident');
  const keyOptions = await makeKeyOptions(folder);
  /** @param {string} verb @param {string} source @param {string} target */
  const run = async (verb, source, target) => {
    const words = [...keyfoldCommand(['--import', reporter]), verb, source, ...keyOptions, '--output', target];
    await runProgram(words, { KEYFOLD_BENCH_RESIDENT: report });
  };
  try {
    await writeRandomFile(plain, bytes);
    await run('encrypt', plain, envelope);
    if (direction === 'decrypt') {
      await rm(plain);
      await run('decrypt', envelope, plain);
    }
    return { value: Number(await readFile(report, 'utf8')) / 1024 };
  } finally {
    for (const path of [plain, envelope, report]) await rm(path, { force: true });
  }
}
