import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  KMSClient,
  ListKeysCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulators, type Simulators } from '@keyfold/kms-simulators';
import { failureOf } from './support/failure.js';
import { AWAY, HOME } from './support/simulated.js';
import { bytes, present } from './support/values.js';

let folder: string;
let state: string;
let sim: Simulators;
let kms: KMSClient;

async function restart(): Promise<void> {
  kms.destroy();
  await sim.close();
  await start();
}

async function start(): Promise<void> {
  sim = await startSimulators({ state });
  kms = new KMSClient({ ...sim.aws.clientConfig(HOME), maxAttempts: 1 });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kms-simulators-'));
  state = join(folder, 'state.json');
  await start();
});

afterEach(async () => {
  kms.destroy();
  await sim.close();
  await rm(folder, { recursive: true });
});

describe('a state file', () => {
  it('keeps keys, aliases, all versions and contexts across a restart', async () => {
    const EncryptionContext = { tenant: 'acme' };
    const { arn: KeyId } = await sim.aws.createKey({ region: HOME, alias: 'alias/kept' });
    const sealed = [];
    for (let rotation = 0; rotation < 2; rotation += 1) {
      const Plaintext = bytes(32);
      const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
      sealed.push({ Plaintext, CiphertextBlob });
      await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    }
    const before = await kms.send(new DescribeKeyCommand({ KeyId }));
    await restart();
    const after = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/kept' }));
    expect(after.KeyMetadata).toEqual(before.KeyMetadata);
    for (const { Plaintext, CiphertextBlob } of sealed) {
      const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext }));
      expect(opened.Plaintext).toEqual(Plaintext);
      const wrong = kms.send(new DecryptCommand({ KeyId, CiphertextBlob }));
      expect((await failureOf(wrong)).name).toBe('InvalidCiphertextException');
    }
  });

  it('keeps RSA keys and key states', async () => {
    const { arn: KeyId } = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
    const disabled = await sim.aws.createKey({ region: HOME });
    const doomed = await sim.aws.createKey({ region: HOME });
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    const Plaintext = bytes(32);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionAlgorithm }));
    await kms.send(new DisableKeyCommand({ KeyId: disabled.keyId }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: doomed.keyId, PendingWindowInDays: 7 }));
    sim.clock.advance(6 * 86_400_000);
    await restart();
    const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm }));
    expect(opened.Plaintext).toEqual(Plaintext);
    expect(sim.aws.findKey({ region: HOME, key: disabled.keyId })?.state).toBe('Disabled');
    expect(sim.aws.findKey({ region: HOME, key: doomed.keyId })?.state).toBe('PendingDeletion');
    sim.clock.advance(86_400_000);
    expect(sim.aws.findKey({ region: HOME, key: doomed.keyId })).toBeUndefined();
  });

  it('keeps what relates the Regions of a multi-Region key', async () => {
    const { keyId: KeyId, arns } = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
    await restart();
    await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    const Plaintext = bytes(32);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
    const away = new KMSClient(sim.aws.clientConfig(AWAY));
    const opened = await away.send(new DecryptCommand({ CiphertextBlob }));
    away.destroy();
    expect(opened).toMatchObject({ Plaintext, KeyId: arns[AWAY] });
  });

  it('holds each change before it is answered, however many come at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, async () => await kms.send(new CreateKeyCommand({}))),
    );
    const created = await readFile(state, 'utf8');
    for (const { KeyMetadata } of made) expect(created).toContain(present(KeyMetadata?.KeyId));
    const KeyId = made[0]?.KeyMetadata?.KeyId;
    await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(await readFile(state, 'utf8')).toContain(present(KeyMetadata?.CurrentKeyMaterialId));
  });

  it('is the owner’s alone, and nothing is left beside it', async () => {
    await sim.aws.createKey({ region: HOME });
    if (process.platform !== 'win32') expect((await stat(state)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('keeps the sections of providers that do not run', async () => {
    await sim.close();
    const content = JSON.parse(await readFile(state, 'utf8')) as Record<string, unknown>;
    await writeFile(state, JSON.stringify({ ...content, 'other-kms': { keys: [1, 2] } }));
    await start();
    await kms.send(new CreateKeyCommand({}));
    expect(JSON.parse(await readFile(state, 'utf8'))).toMatchObject({ 'other-kms': { keys: [1, 2] } });
  });

  it('that cannot be written fails the request, not the process', async () => {
    await rm(folder, { recursive: true });
    const failure = await failureOf(kms.send(new CreateKeyCommand({})));
    expect(failure).toMatchObject({ name: 'KMSInternalException', status: 500 });
    expect((await kms.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    await expect(sim.close()).rejects.toThrow(/ENOENT/);
    folder = await mkdtemp(join(tmpdir(), 'kms-simulators-'));
    state = join(folder, 'state.json');
    await start();
  });
});

describe('a state file that cannot be used', () => {
  it.each([
    ['no JSON', '{"format": "keyfold-kms-sim'],
    ['no object', 'null'],
    ['another program’s', '{"format": "other", "version": 1}'],
    ['a later release’s', '{"format": "keyfold-kms-simulators-state", "version": 2}'],
    ['damaged inside', '{"format": "keyfold-kms-simulators-state", "version": 1, "aws-kms": {"keys": 3}}'],
  ])('is refused and left alone: %s', async (_, content) => {
    await sim.close();
    await writeFile(state, content);
    await expect(startSimulators({ state })).rejects.toMatchObject({
      code: 'state-unreadable',
      message: expect.stringContaining('left as it') as string,
    });
    expect(await readFile(state, 'utf8')).toBe(content);
    await rm(state);
    await start();
  });
});
