// Prints "passed failed" from Vitest's JSON report. A run that failed without a failed test (a file that does not
// load, an unhandled rejection, no report at all) counts as one failure, never as none.
import { readFileSync } from 'node:fs';

const [, , file = '', exitCode = '1'] = process.argv;
let passed = 0;
let failed = 0;
try {
  const report = /** @type {{ numPassedTests: number, numFailedTests: number }} */ (
    JSON.parse(readFileSync(file, 'utf8'))
  );
  passed = report.numPassedTests;
  failed = report.numFailedTests;
} catch {
  failed = 1;
}
if (exitCode !== '0' && failed === 0) failed = 1;
console.log(`${passed} ${failed}`);
