import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { KeyManagementServiceClient } from '@google-cloud/kms';
import { credentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { build, COMMAND, launch, run, type Running } from './support/command.js';
import { failureOf } from './support/failure.js';
import { bytes } from './support/values.js';

let folder: string;

beforeAll(async () => {
  build();
  folder = await mkdtemp(join(tmpdir(), 'kms-simulators-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** An SDK client that knows nothing but the printed environment. */
function clientFromEnvironment({ ready }: Running): KMSClient {
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  for (const [name, value] of Object.entries(ready.aws.environment)) vi.stubEnv(name, value);
  return new KMSClient({ maxAttempts: 1 });
}

function arnIn(region: string): string {
  return expect.stringMatching(`^arn:aws:kms:${region}:111122223333:key/`) as string;
}

describe('kms-simulators', () => {
  it('serves an SDK client that has only the printed environment', async () => {
    const simulators = await launch('--key', 'demo', '--key', 'alias/away@eu-west-1');
    const { aws } = simulators.ready;
    expect(aws.keys).toEqual([
      { alias: 'alias/demo', region: 'us-east-1', arn: arnIn('us-east-1') },
      { alias: 'alias/away', region: 'eu-west-1', arn: arnIn('eu-west-1') },
    ]);
    const kms = clientFromEnvironment(simulators);
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId: 'alias/demo', KeySpec: 'AES_256' }));
    expect(made.KeyId).toBe(aws.keys[0]?.arn);
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(opened.Plaintext).toEqual(made.Plaintext);
    kms.destroy();
    expect(await simulators.end('SIGTERM')).toBe(0);
  });

  it('serves an SDK client of Google Cloud that has only what was printed', async () => {
    const simulators = await launch('--gcp-key', 'app/demo@europe-west1', '--gcp-key', 'plain');
    const { apiEndpoint, port, project, keys } = simulators.ready.gcp;
    expect(keys).toEqual([
      { name: `projects/${project}/locations/europe-west1/keyRings/app/cryptoKeys/demo` },
      { name: `projects/${project}/locations/global/keyRings/keyfold/cryptoKeys/plain` },
    ]);
    const kms = new KeyManagementServiceClient({
      apiEndpoint,
      port,
      projectId: project,
      universeDomain: 'googleapis.com',
      sslCreds: credentials.createInsecure(),
    });
    const name = keys[0]?.name ?? '';
    const plaintext = Buffer.from(bytes(32));
    const [{ ciphertext }] = await kms.encrypt({ name, plaintext });
    expect((await kms.decrypt({ name, ciphertext: ciphertext ?? '' }))[0].plaintext).toEqual(plaintext);
    await kms.close();
    expect(await simulators.end('SIGTERM')).toBe(0);
  });

  it('serves an SDK client of Azure that has only what was printed', async () => {
    const ca = join(folder, 'ca.pem');
    const simulators = await launch('--azure-key', 'app', '--azure-key', 'hsm/app:oct-HSM@northeurope', '--azure-ca', ca);
    const { vaults, keys, environment } = simulators.ready.azure;
    expect(keys).toEqual([{ id: `${vaults['keyfold']}/keys/app` }, { id: `${vaults['hsm']}/keys/app` }]);
    // Node reads the file when it starts, so the client has a process of its own.
    const args = ['--input-type=module', '-e', WRAP, ...keys.map(({ id }) => id)];
    const client = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: import.meta.dirname, env: { ...process.env, ...environment } });
    expect(client).toMatchObject({ status: 0, stderr: '', stdout: 'true true\n' });
    const requests = await fetch(`${simulators.ready.control.url}/requests/counts?vault=hsm&operation=WrapKey`);
    expect(await requests.json()).toMatchObject([{ count: 1, region: 'northeurope' }]);
    expect(await simulators.end('SIGTERM')).toBe(0);
    expect(await readFile(ca, 'utf8')).toContain('BEGIN CERTIFICATE');
  });

  it('leaves no certificate behind that nobody asked for', async () => {
    const simulators = await launch();
    const { ca } = simulators.ready.azure;
    expect(await readFile(ca, 'utf8')).toContain('BEGIN CERTIFICATE');
    await simulators.end('SIGTERM');
    await expect(readFile(ca)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readFile(dirname(ca))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is steered over HTTP, and ends cleanly while a request hangs', async () => {
    const simulators = await launch('--key', 'demo', '--region', 'eu-west-1');
    const { url } = simulators.ready.control;
    const kms = clientFromEnvironment(simulators);
    const generate = new GenerateDataKeyCommand({ KeyId: 'alias/demo', KeySpec: 'AES_256' });
    await fetch(`${url}/faults`, { method: 'POST', body: JSON.stringify({ kind: 'throttled', count: 1 }) });
    expect((await failureOf(kms.send(generate))).name).toBe('ThrottlingException');
    await fetch(`${url}/regions/eu-west-1/down`, { method: 'POST' });
    await expect(kms.send(generate)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await fetch(`${url}/regions/eu-west-1/up`, { method: 'POST' });
    await fetch(`${url}/faults`, { method: 'POST', body: JSON.stringify({ kind: 'hang' }) });
    const hanging = kms.send(generate);
    const settled = Promise.allSettled([hanging]);
    await expect
      .poll(async () => (await (await fetch(`${url}/requests?outcome=pending`)).json()) as unknown)
      .toHaveLength(1);
    expect(await simulators.end('SIGINT')).toBe(0);
    expect(await settled).toMatchObject([{ status: 'rejected' }]);
    kms.destroy();
  });

  it('keeps keys in a state file, and makes a key only once', async () => {
    const state = join(folder, 'state.json');
    const first = await launch('--state', state, '--key', 'demo', '--azure-key', 'hsm/app:oct-HSM');
    const kms = clientFromEnvironment(first);
    const Plaintext = bytes(32);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/demo', Plaintext }));
    kms.destroy();
    await first.end('SIGTERM');
    const second = await launch('--state', state, '--key', 'demo', '--azure-key', 'hsm/app:oct-HSM');
    expect(second.ready.azure.keys).toEqual(first.ready.azure.keys);
    expect(second.ready.state).toBe(state);
    expect(second.ready.aws.keys).toEqual(first.ready.aws.keys);
    const again = clientFromEnvironment(second);
    expect((await again.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(Plaintext);
    again.destroy();
    await second.end('SIGTERM');
  });

  it('prints lines to copy that hold its own addresses', () => {
    const { stdout } = spawnSync(process.execPath, ['-e', PRINT_AND_STOP, COMMAND], { encoding: 'utf8' });
    const endpoint = /AWS KMS +(http:\/\/127\.0\.0\.1:\d+)/.exec(stdout)?.[1] ?? 'none';
    expect(stdout).toContain(`export AWS_ENDPOINT_URL_KMS=${endpoint}\n`);
    expect(stdout).toContain(`endpoint: '${endpoint}'`);
    const [, gcp] = /Google Cloud KMS +http:\/\/127\.0\.0\.1:(\d+)/.exec(stdout) ?? [];
    expect(stdout).toContain(`port: ${gcp},`);
    const [azure = 'none'] = /https:\/\/127\.0\.0\.1:\d+(?= +\(keyfold\))/.exec(stdout) ?? [];
    expect(stdout).toContain(`new KeyClient('${azure}',`);
    expect(stdout).toMatch(/export IDENTITY_ENDPOINT=http:\/\/127\.0\.0\.1:\d+\/msi\/token\n/);
    expect(stdout).toMatch(/export NODE_EXTRA_CA_CERTS=.+\.pem\n/);
    expect(stdout).toMatch(/curl -X POST http:\/\/127\.0\.0\.1:\d+\/regions\/us-east-1\/down\n/);
    expect(stdout).toContain('alias/demo in us-east-1: arn:aws:kms:us-east-1:111122223333:key/');
  });

  it('takes accounts by access key id', async () => {
    const simulators = await launch('--account', 'ONE=111111111111', '--account', 'TWO=222222222222', '--key', 'demo');
    expect(simulators.ready.aws).toMatchObject({
      account: '111111111111',
      environment: { AWS_ACCESS_KEY_ID: 'ONE' },
    });
    vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
    const two = new KMSClient({
      endpoint: simulators.ready.aws.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'TWO', secretAccessKey: 'x' },
    });
    const call = two.send(new GenerateDataKeyCommand({ KeyId: 'alias/demo', KeySpec: 'AES_256' }));
    expect((await failureOf(call)).message).toContain('222222222222:alias/demo is not found');
    two.destroy();
    await simulators.end('SIGTERM');
  });

  it('explains itself', () => {
    const help = run('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const words of ['--state', '--json', 'export AWS_ENDPOINT_URL_KMS', 'wrong-plaintext']) {
      expect(help.stdout).toContain(words);
    }
    const version = run('--version');
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['an option that does not exist', ['--prot', '1']],
    ['an argument', ['start']],
    ['a port that is none', ['--port', 'http']],
    ['a port too high', ['--port', '65536']],
    ['an account that is none', ['--port', '0', '--account', '12']],
    ['two accounts without access key ids', ['--account', '111111111111', '--account', '222222222222']],
    ['an alias that is none', ['--port', '0', '--key', 'my app']],
    ['a vault that is none', ['--port', '0', '--azure-key', 'a_b/app']],
    ['a type of an Azure key that is none', ['--azure-key', 'app:DES']],
    ['an Azure key that is none', ['--azure-key', '/app']],
    ['a Region that is none', ['--port', '0', '--key', 'a@moon']],
  ])('refuses %s with exit code 2 and one sentence', (_, args) => {
    const { code, stdout, stderr } = run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^kms-simulators: .+\n$/);
    expect(stderr).not.toContain('    at ');
  });

  it('refuses a state file that is not its own, and a taken port, with exit code 1', async () => {
    const state = join(folder, 'foreign.json');
    await writeFile(state, '{}');
    expect(run('--port', '0', '--state', state)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('was not written by these simulators') as string,
    });
    const simulators = await launch();
    const { port } = new URL(simulators.ready.aws.endpoint);
    expect(run('--port', port)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken`) as string,
    });
    await simulators.end('SIGTERM');
  });
});

describe('a process that closes the simulators', () => {
  it('ends by itself: no socket and no timer is left', () => {
    const module = pathToFileURL(join(COMMAND, '../index.js')).href;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', CLOSING, module], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe('ECONNRESET ECONNRESET closed\n');
  });
});

/** Wraps and unwraps with an RSA key and an AES key, given by their ids. */
const WRAP = `
  import { DefaultAzureCredential } from '@azure/identity';
  import { CryptographyClient } from '@azure/keyvault-keys';
  const credential = new DefaultAzureCredential();
  const same = [];
  for (const [index, algorithm] of ['RSA-OAEP-256', 'A256KW'].entries()) {
    const client = new CryptographyClient(process.argv[index + 1], credential, { disableChallengeResourceVerification: true });
    const { result } = await client.wrapKey(algorithm, Buffer.alloc(32, 7));
    same.push((await client.unwrapKey(algorithm, result)).result.equals(Buffer.alloc(32, 7)));
  }
  console.log(...same);
`;

/** Starts the command in its own process and stops it once it has printed its text. */
const PRINT_AND_STOP = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, [process.argv[1], '--port', '0', '--key', 'demo']);
  child.stdout.on('data', (text) => { process.stdout.write(text); child.kill('SIGTERM'); });
`;

/** Two requests are under way, one of them with a timer, when the simulators are closed. */
const CLOSING = `
  import { once } from 'node:events';
  import { request } from 'node:http';
  const { startSimulators } = await import(process.argv[1]);
  const sim = await startSimulators({ control: {} });
  sim.faults.inject({ kind: 'hang', count: 1 });
  sim.faults.inject({ kind: 'latency', ms: 3600000 });
  await sim.azure.createVault({ name: 'second' });
  const failures = [1, 2].map(async () => (await once(request(sim.aws.endpoint).end(), 'error'))[0].code);
  while (sim.requests.count() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await sim.close();
  console.log(...await Promise.all(failures), 'closed');
`;
