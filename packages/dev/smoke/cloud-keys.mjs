// Runs where the packed command is installed, with the keyrings that the arguments name and no other: those work against the
// packed simulator; of the others, one sentence says what to install, and nothing of their SDKs is there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Found from where this is copied to. */
const SIMULATORS = '@keyfold/kms-simulators';
const installed = process.argv.slice(2);
const keyfold = join(process.cwd(), 'node_modules', '.bin', process.platform === 'win32' ? 'keyfold.cmd' : 'keyfold');

/** @type {Record<string, { key: string, sdk: string, packages: string }>} */
const CLOUDS = {
  'aws-kms': { key: 'aws-kms:alias/app', sdk: '@aws-sdk', packages: '@keyfold/aws-kms @aws-sdk/client-kms' },
  'gcp-kms': {
    key: 'gcp-kms:projects/p/locations/global/keyRings/r/cryptoKeys/k',
    sdk: '@google-cloud',
    packages: '@keyfold/gcp-kms @google-cloud/kms',
  },
  'azure-keyvault': {
    key: 'azure-keyvault:https://acme.vault.azure.net/keys/k',
    sdk: '@azure',
    packages: '@keyfold/azure-keyvault @azure/keyvault-keys @azure/identity',
  },
};

/**
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<{ code: number | null, stderr: string }>}
 */
async function run(args, env = {}) {
  const child = spawn(keyfold, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32' });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stderr += text));
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stderr });
    });
  });
}

/** @param {string} key @param {Record<string, string>} [env] */
async function roundTrip(key, env) {
  const plaintext = randomBytes(1000);
  writeFileSync('plain', plaintext);
  for (const args of [['encrypt', '-k', key, 'plain', '-o', 'e', '-f'], ['decrypt', '-k', key, 'e', '-o', 'copy', '-f']]) {
    const { code, stderr } = await run([...args, '--quiet'], env);
    assert.equal(stderr, '');
    assert.equal(code, 0);
  }
  assert.deepEqual(readFileSync('copy'), plaintext);
}

await run(['keygen', '-n', 'app', '-o', 'app.key']);
await roundTrip('local-raw:app.key');

for (const [name, { key, sdk, packages }] of Object.entries(CLOUDS)) {
  if (installed.includes(name)) continue;
  const { code, stderr } = await run(['encrypt', '-k', key, 'plain', '-o', 'x']);
  assert.equal(code, 2, name);
  assert.match(stderr, new RegExp(`^keyfold: --key: [^.\\n]*: npm install ${packages}\\n`));
  for (const folder of [sdk, `@keyfold/${name}`]) assert.ok(!existsSync(join('node_modules', folder)), `${folder} must not be installed.`);
}

if (installed.length > 0) {
  /** @type {typeof import('../../kms-simulators/src/index.js')} */
  const { startSimulators } = await import(SIMULATORS);
  const sim = await startSimulators();
  writeFileSync('ca.pem', sim.azure.ca);
  const { keyId } = await sim.azure.createKey({ name: 'app' });
  const { name: gcpKey } = await sim.gcp.createKey({ key: 'app' });
  await sim.aws.createKey({ region: 'eu-west-1', alias: 'alias/app' });
  const keyrings = {
    'aws-kms': 'aws-kms:alias/app',
    'gcp-kms': { provider: 'gcp-kms', key: gcpKey, endpoint: `http://127.0.0.1:${sim.gcp.port}` },
    'azure-keyvault': { provider: 'azure-keyvault', key: keyId, trustedHosts: [new URL(keyId).host], caFile: 'ca.pem' },
  };
  writeFileSync('keyfold.config.json', JSON.stringify({ keyrings }));
  for (const name of installed) await roundTrip(name, { ...sim.aws.environment('eu-west-1'), ...sim.azure.environment() });
  await sim.close();
}
