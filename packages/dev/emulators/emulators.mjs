// `npm run test:emulators`: the conformance suite against emulators of key services that no one here wrote. What they need
// (Python, Go) is looked for; one that cannot be had is named, and is a failure only with --require-all.
import { createCloudKeys } from './cloud-keys.mjs';
import { EMULATORS } from './list.mjs';
import { provision } from './provision.mjs';
import { startServer } from './server.mjs';
import { runSuite } from './run-suite.mjs';

const args = process.argv.slice(2);
const requireAll = args.includes('--require-all');
const unknown = args.find((arg) => arg !== '--require-all');
if (unknown !== undefined) {
  process.stderr.write(`There is no option ${unknown}; the one there is is --require-all.\n`);
  process.exit(2);
}

/** @type {string[]} */
const report = [];
let failed = false;
for (const emulator of EMULATORS) {
  const missing = await provision(emulator);
  if (missing !== undefined) {
    report.push(`${emulator.title}: not run, because ${missing}`);
    failed ||= requireAll;
    continue;
  }
  const server = await startServer(emulator);
  try {
    const code = await runSuite(emulator, server.url, await createCloudKeys(server.url));
    const known = Object.keys(emulator.deviations).length;
    report.push(`${emulator.title}: ${code === 0 ? `passed, but for ${known} known deviations` : 'FAILED'}.`);
    failed ||= code !== 0;
  } finally {
    await server.stop();
  }
}
console.log(`\n${report.join('\n')}`);
process.exitCode = failed ? 1 : 0;
