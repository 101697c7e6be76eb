// From the packed package: the command serves an unmodified client of Google Cloud that has only what it printed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { KeyManagementServiceClient } from '@google-cloud/kms';
import { credentials } from '@grpc/grpc-js';

const command = spawn('npx', ['kms-simulators', '--port', '0', '--json', '--gcp-key', 'demo@europe-west1'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  shell: process.platform === 'win32',
});
const exited = once(command, 'exit');
const [line] = /** @type {[string]} */ (await once(createInterface({ input: command.stdout }), 'line'));
/** @type {{ pid: number, gcp: { apiEndpoint: string, port: number, project: string, keys: { name: string }[] } }} */
const ready = JSON.parse(line);
const { apiEndpoint, port, project, keys } = ready.gcp;
const name = keys[0]?.name ?? '';

const kms = new KeyManagementServiceClient({
  apiEndpoint,
  port,
  projectId: project,
  universeDomain: 'googleapis.com',
  sslCreds: credentials.createInsecure(),
});
const plaintext = Buffer.from('a data key');
const [sealed] = await kms.encrypt({ name, plaintext });
assert.equal(sealed.name, `${name}/cryptoKeyVersions/1`);
const [opened] = await kms.decrypt({ name, ciphertext: sealed.ciphertext ?? '' });
assert.deepEqual(opened.plaintext, plaintext);
await kms.close();

// npx passes the signal on in a way of its own; the command itself is what has to end well.
process.kill(ready.pid, 'SIGTERM');
await exited;
