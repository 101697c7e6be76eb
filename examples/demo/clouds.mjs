// The clouds of the demo: simulators in a process of their own, and what a program needs to reach them.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { indent, prompt, say } from './narrator.mjs';
import { start } from './run.mjs';

/**
 * What `kms-simulators --json` prints.
 *
 * @typedef {object} Ready
 * @property {{ endpoint: string, environment: Record<string, string>, keys: { region: string, arn: string }[] }} aws
 * @property {{ endpoint: string, keys: { name: string }[] }} gcp
 * @property {{ endpoint: string, environment: Record<string, string>, keys: { id: string }[] }} azure
 * @property {{ url: string }} control
 */

/**
 * Starts AWS KMS with a key in each of two Regions, Google Cloud KMS and Azure Key Vault with one each.
 *
 * @param {string} folder
 */
export async function startClouds(folder) {
  const line =
    'npx @keyfold/kms-simulators --key app@eu-central-1 --key app@us-east-1 --gcp-key app/data@europe-west3 ' +
    '--azure-key app --azure-ca ca.pem --port 0 --json &';
  prompt(line);
  const startedAt = performance.now();
  const child = start('kms-simulators', line.split(' ').slice(2, -1), { cwd: folder, env: cleanEnvironment() });
  const complaints = text(child.stderr);
  const lines = createInterface(child.stdout);
  const [printed] = /** @type {[string | undefined]} */ (await Promise.race([once(lines, 'line'), once(lines, 'close')]));
  if (printed === undefined) throw new Error(`The simulators did not start: ${await complaints}`);
  const ready = /** @type {Ready} */ (JSON.parse(printed));
  const { aws, gcp, azure, control } = ready;
  say(`AWS KMS           ${aws.endpoint}`);
  say(`Google Cloud KMS  ${gcp.endpoint}`);
  say(`Azure Key Vault   ${azure.endpoint}`);
  say(`faults            ${control.url}`);
  say(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return {
    ready,
    env: { ...cleanEnvironment(), ...aws.environment, ...azure.environment },
    /**
     * A line of `curl` for the simulators' control API, such as `POST /regions/us-east-1/down`.
     *
     * @param {'POST' | 'DELETE'} method
     * @param {string} path
     */
    async control(method, path) {
      prompt(`curl -sX ${method} ${control.url}${path}`);
      const response = await fetch(control.url + path, { method });
      const answer = await response.text();
      if (!response.ok) throw new Error(`The simulators answered ${response.status}: ${answer}`);
      indent(JSON.stringify(JSON.parse(answer)));
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'close');
    },
  };
}

/** The user's own environment without what would lead an SDK to the user's own clouds, or through a proxy. */
function cleanEnvironment() {
  const leads = /^(?:AWS|AZURE|IDENTITY|MSI|GOOGLE|GCLOUD|CLOUDSDK|NODE)_|_proxy$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !leads.test(name)));
}

/**
 * `keyfold.config.json`, as a person would write it.
 *
 * @param {string} folder
 * @param {Ready} ready
 */
export async function writeConfig(folder, { aws, gcp, azure }) {
  const awsKey = (/** @type {string} */ region) => aws.keys.find((key) => key.region === region)?.arn ?? '';
  const vault = azure.keys[0]?.id ?? '';
  const config = `{
  "keyrings": {
    "frankfurt": "aws-kms:${awsKey('eu-central-1')}",
    "virginia": "aws-kms:${awsKey('us-east-1')}",
    "google": {
      "provider": "gcp-kms",
      "key": "${gcp.keys[0]?.name ?? ''}",
      "endpoint": "${gcp.endpoint}"
    },
    "azure": {
      "provider": "azure-keyvault",
      "key": "${vault}",
      "trustedHosts": ["${new URL(vault).host}"]
    },
    "safe": "local-raw:break-glass.pub.pem",
    "clouds": { "anyOf": ["frankfurt", "virginia", "google", "azure"] },
    "all": {
      "anyOf": [
        "frankfurt", "virginia", "google", "azure",
        { "keyring": "safe", "required": true }
      ],
      "write": {
        "minimum": 3, "distinctDomains": ["provider"], "patience": 5000
      }
    }
  },
  "defaultKeyring": { "encrypt": "all", "decrypt": "clouds" },
  "context": { "tenant": "acme" }
}
`;
  await writeFile(join(folder, 'keyfold.config.json'), config);
  return config;
}
