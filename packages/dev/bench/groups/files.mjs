import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keyfoldCommand, makeKeyOptions } from '../lib/cli.mjs';
import { programCpuTime, runProgram, versionOf } from '../lib/program.mjs';
import { writeRandomFile } from '../lib/random-data.mjs';
import { GIB, MIB, size } from '../lib/units.mjs';

const NO_AGE = 'age is not installed, so there is nothing to compare with: `apt install age`, `brew install age`';

/** @type {import('../lib/run-group.mjs').Group} */
export const files = {
  name: 'files',
  title: 'Files by the command line, process start included; the file is in the page cache',
  cases: ({ quick, folder }) => {
    const bytes = quick ? 256 * MIB : GIB;
    return [comparison('encrypt', bytes, folder), comparison('decrypt', bytes, folder)];
  },
};

/**
 * @param {'encrypt' | 'decrypt'} direction
 * @param {number} bytes
 * @param {string} folder
 * @returns {import('../lib/run-group.mjs').Comparison}
 */
function comparison(direction, bytes, folder) {
  return {
    name: `${direction} a file of ${size(bytes)}`,
    bytes,
    long: true,
    async prepare() {
      const plain = join(folder, 'files.plain');
      const target = join(folder, 'files.out');
      await writeRandomFile(plain, bytes);
      const made = [plain];

      const keyOptions = await makeKeyOptions(folder);
      const keyfold = keyfoldCommand();
      let source = plain;
      if (direction === 'decrypt') {
        source = `${plain}.keyfold`;
        made.push(source);
        await runProgram([...keyfold, 'encrypt', plain, ...keyOptions, '--output', source]);
      }
      /** @type {import('../lib/measure.mjs').Contender[]} */
      const contenders = [program('Keyfold', [...keyfold, direction, source, ...keyOptions, '--output', target], target)];

      const ageVersion = versionOf('age');
      if (ageVersion !== undefined) {
        const identity = join(folder, 'age.key');
        const envelope = `${plain}.age`;
        await runProgram(['age-keygen', '-o', identity]);
        const recipient = /age1\w+/.exec(await readFile(identity, 'utf8'))?.[0] ?? '';
        made.push(identity, envelope);
        await runProgram(['age', '-r', recipient, '-o', envelope, plain]);
        const words = direction === 'encrypt'
          ? ['age', '-r', recipient, '-o', target, plain]
          : ['age', '-d', '-i', identity, '-o', target, envelope];
        contenders.push({ ...program(`age ${ageVersion}`, words, target), target: 1 });
        if (process.platform === 'linux') contenders.push(program(`age ${ageVersion}, then synced`, synced(words, target), target));
      }
      if (process.platform !== 'win32') contenders.push(program('cp', ['cp', plain, target], target));
      return {
        contenders,
        notes: ageVersion === undefined ? [NO_AGE] : [],
        close: async () => { for (const path of made) await rm(path, { force: true }); },
      };
    },
  };
}

/** @param {string} name @param {readonly string[]} words @param {string} target */
function program(name, words, target) {
  return {
    name,
    run: async () => { await runProgram(words); },
    reset: async () => { await rm(target); },
    cpuClock: programCpuTime,
  };
}

/** Keyfold returns once the file is on the disk; here, so does another. @param {readonly string[]} words @param {string} target */
function synced(words, target) {
  return ['sh', '-c', 'target=$1; shift; "$@" && sync "$target"', 'sh', target, ...words];
}
