// Runs where the packed command is installed: a key, a file encrypted under it, and the same file back again.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const keyfold = join(process.cwd(), 'node_modules', '.bin', process.platform === 'win32' ? 'keyfold.cmd' : 'keyfold');
const folder = mkdtempSync(join(process.cwd(), 'cli-'));

/** @param {string[]} args */
function run(...args) {
  return execFileSync(keyfold, args, { cwd: folder, shell: process.platform === 'win32' });
}

const report = randomBytes(3_000_000);
writeFileSync(join(folder, 'report.pdf'), report);
run('keygen', '--name', 'app', '-o', 'app.key', '--quiet');
// With a configuration, so that its schema is seen to be in the package.
const config = { $schema: 'x', defaultKeyring: 'app', keyrings: { app: { provider: 'local-raw', keyFile: 'app.key' } } };
writeFileSync(join(folder, 'keyfold.config.json'), JSON.stringify(config));
run('encrypt', 'report.pdf', '--quiet');
run('decrypt', 'report.pdf.keyfold', '-o', 'copy.pdf', '--quiet');
if (!readFileSync(join(folder, 'copy.pdf')).equals(report)) throw new Error('The file did not come back.');

const { version } = /** @type {{ version: string }} */ (createRequire(join(process.cwd(), 'x.js'))('@keyfold/cli/package.json'));
if (run('--version').toString().trim() !== version) throw new Error('The version is not the package’s.');
createRequire(join(process.cwd(), 'x.js')).resolve('@keyfold/cli/config.schema.json');
