/** Where clients and credentials come from, and what happens when they do not. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encrypt } from '@keyfold/core';
import { like, withEnvironment } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { gcpKmsKeyring } from '@keyfold/gcp-kms';
import { describe, expect, it } from 'vitest';
import { NOTHING_SET_UP } from './support/environment.js';
import { AMPLE, HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const { name } = await sim.gcp.createKey({ location: HOME });

/** What nobody handled meanwhile. */
async function unhandledDuring(work: () => Promise<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const note = (error: unknown): void => void seen.push(error);
  process.on('unhandledRejection', note);
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', note);
  }
  return seen;
}

describe('a client', () => {
  it('is made with the options that were given, once, and again after close', async () => {
    const one = gcpKmsKeyring({ key: name, timeoutMs: AMPLE, clientOptions: sim.gcp.clientOptions() });
    const wrappedKey = await wrapOne(one);
    await one.close();
    expect((await unwrapFrom(one, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
    await one.close();
    await one.close();
  });

  it('of the caller stays the caller’s', async () => {
    const mine = client();
    const one = keyring({ key: name, client: mine });
    await wrapOne(one);
    await one.close();
    expect((await mine.encrypt({ name, plaintext: DATA_KEY }))[0].name).toBe(`${name}/cryptoKeyVersions/1`);
  });

  it('of the caller keeps its own retries and deadlines', async () => {
    const mine = client();
    await wrapOne(keyring({ key: name, client: mine, timeoutMs: 25_000 }));
    sim.requests.reset();
    sim.faults.inject({ kind: 'unavailable', count: 2 });
    await mine.encrypt({ name, plaintext: DATA_KEY });
    expect(sim.requests.count()).toBe(3);
  });
});

describe('credentials that cannot be had', () => {
  it('are said to be missing, with no rejection left behind', async () => {
    const one = gcpKmsKeyring({ key: name, timeoutMs: AMPLE });
    const missing = { ...NOTHING_SET_UP, GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json' };
    const unhandled = await unhandledDuring(async () => {
      await withEnvironment(missing, async () => {
        for (const _ of [1, 2]) {
          const { details, cause } = await failure(wrapOne(one), 'keyring-failed');
          expect(details).toMatchObject({ reason: 'access-denied', retryable: false, remedy: like(/gcloud auth application-default login/) });
          expect((cause as Error).message).toContain('/nowhere/key.json');
        }
        await failure(encrypt(new Uint8Array(1), { keyring: one }), 'wrap-failed');
      });
    });
    expect(unhandled).toEqual([]);
    await one.close();
  });
});

describe('credentials that are wrong', () => {
  it('are looked for again, so that the keyring works once they are right', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keyfold-gcp-'));
    const file = join(folder, 'credentials.json');
    const write = async (universe: string): Promise<void> => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
      const account = { type: 'service_account', client_email: 'a@example.com', private_key: key, universe_domain: universe };
      await writeFile(file, JSON.stringify(account));
    };
    const { universeDomain: _asked, ...options } = sim.gcp.clientOptions();
    const one = gcpKmsKeyring({ key: name, timeoutMs: AMPLE, clientOptions: options });
    await withEnvironment({ ...NOTHING_SET_UP, GOOGLE_APPLICATION_CREDENTIALS: file }, async () => {
      await write('other.example');
      const { details } = await failure(wrapOne(one), 'keyring-failed');
      expect(details).toMatchObject({ reason: 'misconfigured', remedy: like(/universeDomain/) });
      await write('googleapis.com');
      expect(await wrapOne(one)).toMatchObject({ keyId: name });
    });
    await one.close();
    await rm(folder, { recursive: true });
  });
});

describe('an endpoint', () => {
  it('where nobody listens is out of reach', async () => {
    const options = { ...sim.gcp.clientOptions(), port: 9 };
    const one = gcpKmsKeyring({ key: name, timeoutMs: AMPLE, maxAttempts: 1, clientOptions: options });
    expect((await failure(wrapOne(one), 'keyring-failed')).details).toMatchObject({ reason: 'unavailable', retryable: true });
    await one.close();
  });
});
