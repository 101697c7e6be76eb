// From the packed package: the command serves an unmodified SDK client that has only what it printed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';

const command = spawn('npx', ['kms-simulators', '--port', '0', '--json', '--key', 'demo'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  shell: process.platform === 'win32',
});
const exited = once(command, 'exit');
const [line] = /** @type {[string]} */ (await once(createInterface({ input: command.stdout }), 'line'));
/** @type {{ pid: number, aws: { environment: Record<string, string>, keys: { arn: string }[] } }} */
const ready = JSON.parse(line);
Object.assign(process.env, ready.aws.environment);

const kms = new KMSClient({});
const made = await kms.send(new GenerateDataKeyCommand({ KeyId: 'alias/demo', KeySpec: 'AES_256' }));
const opened = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
assert.equal(opened.KeyId, ready.aws.keys[0]?.arn);
assert.deepEqual(opened.Plaintext, made.Plaintext);
kms.destroy();

// npx passes the signal on in a way of its own; the command itself is what has to end well.
process.kill(ready.pid, 'SIGTERM');
await exited;
