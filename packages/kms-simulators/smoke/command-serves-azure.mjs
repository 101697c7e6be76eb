// From the packed package: the command serves an unmodified client of Azure that has only what it printed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';

const command = spawn('npx', ['kms-simulators', '--port', '0', '--json', '--azure-key', 'demo', '--azure-key', 'hsm/demo:oct-HSM'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  shell: process.platform === 'win32',
});
const exited = once(command, 'exit');
const [line] = /** @type {[string]} */ (await once(createInterface({ input: command.stdout }), 'line'));
/** @type {{ pid: number, azure: { endpoint: string, ca: string, environment: Record<string, string>, keys: { id: string }[] } }} */
const ready = JSON.parse(line);
const { endpoint, ca, environment, keys } = ready.azure;
const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = environment;

// Node reads NODE_EXTRA_CA_CERTS when it starts, which is too early here.
const options = { disableChallengeResourceVerification: true, tlsOptions: { ca: await readFile(ca, 'utf8') } };
const credential = {
  /** @param {string | string[]} scopes */
  getToken: async (scopes) => {
    const resource = [scopes].flat()[0]?.replace('/.default', '') ?? '';
    const query = new URLSearchParams({ resource, 'api-version': '2019-08-01' });
    const answer = await fetch(`${IDENTITY_ENDPOINT}?${query.toString()}`, { headers: { 'x-identity-header': IDENTITY_HEADER } });
    /** @type {{ access_token: string, expires_on: string }} */
    const { access_token: token, expires_on: expires } = await answer.json();
    return { token, expiresOnTimestamp: Number(expires) * 1000 };
  },
};
assert.equal((await new KeyClient(endpoint, credential, options).getKey('demo')).keyType, 'RSA');
const value = Buffer.from('sixteen bytes or more: 32 bytes.');
for (const [index, algorithm] of /** @type {const} */ (['RSA-OAEP-256', 'A256KW']).entries()) {
  const { id = '' } = keys[index] ?? {};
  const client = new CryptographyClient(id, credential, options);
  const { result, keyID = '' } = await client.wrapKey(algorithm, value);
  assert.match(keyID, new RegExp(`^${id}/[0-9a-f]{32}$`));
  assert.deepEqual((await client.unwrapKey(algorithm, result)).result, value);
}

// npx passes the signal on in a way of its own; the command itself is what has to end well.
process.kill(ready.pid, 'SIGTERM');
await exited;
