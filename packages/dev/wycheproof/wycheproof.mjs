// `npm run wycheproof -- <folder>`: runs the test vectors of C2SP/wycheproof (the JSON files of its folder
// testvectors_v1) against both engines of the core, and against RSA-OAEP as the local keyring does it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aesGcm } from './aes-gcm.mjs';
import { hkdfSha512 } from './hkdf-sha512.mjs';
import { hmacSha256 } from './hmac-sha256.mjs';
import { loadSubject } from './subject.mjs';
import { rsaOaep } from './rsa-oaep.mjs';

/** @typedef {import('./vectors.mjs').Primitive} Primitive */
/** @typedef {import('./vectors.mjs').VectorFile} VectorFile */

const engines = /** @type {const} */ (['node', 'web']);
const primitives = [aesGcm, hkdfSha512, hmacSha256, rsaOaep];

/** @param {string} folder */
async function runAll(folder) {
  const table = [['primitive', 'engine', 'run', 'not applicable', 'failed']];
  /** @type {string[]} */
  const failures = [];
  /** @type {Set<string>} */
  const notApplicable = new Set();
  for (const engine of engines) {
    const subject = await loadSubject(engine);
    for (const primitive of primitives) {
      const { name } = primitive;
      const tally = await runPrimitive(primitive, subject, folder);
      const skipped = [...tally.reasons.values()].reduce((sum, number) => sum + number, 0);
      table.push([name, engine, ...[tally.run, skipped, tally.failures.length].map(String)]);
      for (const [reason, number] of tally.reasons) notApplicable.add(`${name}: ${reason}: ${number}`);
      failures.push(...tally.failures.map((failure) => `${name} (${engine}) ${failure}`));
      if (tally.run === 0) failures.push(`${name} (${engine}): no vector was run.`);
    }
  }
  return { table, failures, notApplicable };
}

/** @param {Primitive} primitive @param {import('./subject.mjs').Subject} subject @param {string} folder */
async function runPrimitive({ files, run }, subject, folder) {
  const tally = { run: 0, failures: /** @type {string[]} */ ([]), reasons: /** @type {Map<string, number>} */ (new Map()) };
  for (const file of files) {
    const { testGroups } = /** @type {VectorFile} */ (JSON.parse(readFileSync(join(folder, file), 'utf8')));
    for (const { group, test } of testGroups.flatMap((group) => group.tests.map((test) => ({ group, test })))) {
      const outcome = await run(subject, group, test).catch((/** @type {unknown} */ error) => ({ failed: String(error) }));
      if ('notApplicable' in outcome) {
        tally.reasons.set(outcome.notApplicable, (tally.reasons.get(outcome.notApplicable) ?? 0) + 1);
        continue;
      }
      tally.run += 1;
      if (outcome.failed !== undefined) tally.failures.push(`${file} tcId ${test.tcId} ${test.comment}: ${outcome.failed}`);
    }
  }
  return tally;
}

/** Columns as wide as they need to be; numbers to the right. @param {string[][]} rows */
function format(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (/** @type {string} */ cell, /** @type {number} */ column) =>
    column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}

const folder = process.argv[2];
const missing = primitives.flatMap(({ files }) => files).filter((file) => !existsSync(join(folder ?? '', file)));
if (folder === undefined || missing.length > 0) {
  console.error('Usage: npm run wycheproof -- <folder>');
  console.error('The folder is testvectors_v1 of https://github.com/C2SP/wycheproof, or has these files of it:');
  for (const file of folder === undefined ? primitives.flatMap(({ files }) => files) : missing) {
    console.error(`  ${file}${folder === undefined ? '' : ' (missing)'}`);
  }
  process.exitCode = 2;
} else {
  const { table, failures, notApplicable } = await runAll(folder);
  console.log(format(table));
  console.log('\nNot applicable, as the interface of the engine cannot express it:');
  for (const line of notApplicable) console.log(`  ${line}`);
  for (const failure of failures) console.error(`✗ ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}
