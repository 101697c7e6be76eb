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

// The SDK warns once in every process that a later release will need Node 22.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** @type {string[]} */
const report = [];
let failed = false;
for (const emulator of EMULATORS) {
  const missing = await provision(emulator);
  const started = missing === undefined ? await startServer(emulator) : { failure: missing };
  if ('failure' in started) {
    report.push(`${emulator.title}: not run, because ${started.failure}`);
    failed ||= requireAll;
    continue;
  }
  try {
    const code = await runSuite(emulator, started.url, await createCloudKeys(started.url));
    const known = Object.keys(emulator.deviations).length;
    const but = `but for ${known} known deviation${known > 1 ? 's' : ''}`;
    report.push(`${emulator.title}: ${code === 0 ? `passed, ${but}` : 'FAILED'}.`);
    failed ||= code !== 0;
  } finally {
    await started.stop();
  }
}
console.log(`\n${report.join('\n')}`);
process.exitCode = failed ? 1 : 0;
