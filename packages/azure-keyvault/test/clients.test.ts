/** Where clients and tokens come from, and what happens when they do not. */
import { CryptographyClient } from '@azure/keyvault-keys';
import { encrypt } from '@keyfold/core';
import { azureKeyVaultKeyring } from '@keyfold/azure-keyvault';
import type { AzureKeyVaultCredential } from '@keyfold/azure-keyvault';
import { like, until, withEnvironment } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_SET_UP } from './support/environment.js';
import { AMPLE, hostOf, simulated, versionOf } from './support/simulated.js';

const { sim, keyring } = await simulated();
const { keyId, id } = await sim.azure.createKey();
const MINUTE = 60_000;
/** In ms: so long that the SDK, left to itself, goes on with a token and looks for the next one in the background. */
const LIFETIME = 1_500;

beforeEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

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

/** A credential whose answers are made one after the other; the last one for all after it. */
function credentialOf(...answers: readonly (() => ReturnType<AzureKeyVaultCredential['getToken']>)[]): AzureKeyVaultCredential & { asked: number } {
  const credential = {
    asked: 0,
    getToken: async () => {
      const answer = answers[Math.min(credential.asked, answers.length - 1)];
      credential.asked += 1;
      return (await answer?.()) ?? null;
    },
  };
  return credential;
}

const lasting = (lifetimeMs: number) => async () => await Promise.resolve(sim.azure.token({ lifetimeMs }));
const failing = async (): Promise<never> => await Promise.reject(Object.assign(new Error('No managed identity here.'), { name: 'CredentialUnavailableError' }));

describe('a token', () => {
  it('is asked for once, for all versions of a key and all who ask meanwhile', async () => {
    const key = await sim.azure.createKey();
    const credential = credentialOf(lasting(60 * MINUTE));
    const one = keyring({ key: key.keyId, credential });
    const wrapped = [await wrapOne(one)];
    for (let i = 0; i < 3; i += 1) {
      await sim.azure.rotateKey(key.keyId);
      wrapped.push(await wrapOne(one));
    }
    await Promise.all(wrapped.map(async (wrappedKey) => await unwrapFrom(one, [wrappedKey])));
    expect(credential.asked).toBe(1);
  });

  it('is replaced before it ends', async () => {
    const credential = credentialOf(lasting(MINUTE), lasting(60 * MINUTE));
    const one = keyring({ key: keyId, credential });
    for (let i = 0; i < 4; i += 1) await wrapOne(one);
    expect(credential.asked).toBe(2);
  });

  it('that cannot be replaced yet is used to its end, and no rejection is left behind', async () => {
    const credential = credentialOf(lasting(LIFETIME), failing);
    const one = keyring({ key: keyId, credential });
    const end = Date.now() + LIFETIME;
    const unhandled = await unhandledDuring(async () => {
      await wrapOne(one);
      expect((await wrapOne(one)).keyId).toBe(keyId);
      // The SDK would try again in the background until the token ends, and then reject where nobody listens.
      await new Promise((resolve) => setTimeout(resolve, end - Date.now() + 50));
      expect((await failure(wrapOne(one), 'keyring-failed')).details.reason).toBe('access-denied');
    });
    expect(unhandled).toEqual([]);
    expect(credential.asked).toBe(3);
  });

  it('whose replacement fails only after its end leaves no rejection behind either', async () => {
    let fail = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      fail = () => {
        reject(new Error('Too late.'));
      };
    });
    const credential = credentialOf(lasting(LIFETIME), async () => await late, failing);
    const one = keyring({ key: keyId, credential });
    const end = Date.now() + LIFETIME;
    const unhandled = await unhandledDuring(async () => {
      await wrapOne(one);
      const waiting = wrapOne(one).catch((error: unknown) => error);
      await until(() => credential.asked === 2);
      await new Promise((resolve) => setTimeout(resolve, end - Date.now() + 50));
      fail();
      await waiting;
      // The SDK asks again after three seconds, and takes that answer for its last.
      await new Promise((resolve) => setTimeout(resolve, 3_200));
    });
    expect(unhandled).toEqual([]);
  }, 30_000);

  it('that is refused is a missing permission', async () => {
    const credential = credentialOf(async () => await Promise.resolve(sim.azure.token({ audience: 'https://graph.microsoft.com' })));
    const { details } = await failure(wrapOne(keyring({ key: keyId, credential })), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'access-denied', remedy: like(/tenant and cloud/) });
  });

  it('that there is none of is a missing permission', async () => {
    const { details } = await failure(wrapOne(keyring({ key: keyId, credential: credentialOf() })), 'keyring-failed');
    expect(details.reason).toBe('access-denied');
  });
});

describe('a credential', () => {
  it('that fails is named, with its words, and asked again', async () => {
    const one = keyring({ key: keyId, credential: credentialOf(failing, failing, lasting(MINUTE)) });
    const { details, cause } = await failure(wrapOne(one), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'access-denied', retryable: false, remedy: like(/az login/) });
    expect(cause).toMatchObject({ name: 'CredentialUnavailableError', message: 'No managed identity here.' });
    await failure(encrypt(new Uint8Array(1), { keyring: one }), 'wrap-failed');
    expect(await wrapOne(one)).toMatchObject({ keyId });
  });

  it('that hangs ends with the deadline; one caller’s signal does not end it for others', async () => {
    let release = (): void => undefined;
    const later = new Promise<void>((resolve) => {
      release = resolve;
    });
    const credential = credentialOf(async () => {
      await later;
      return sim.azure.token();
    });
    const patient = keyring({ key: keyId, credential });
    const controller = new AbortController();
    const given = failure(wrapOne(patient, {}, { signal: controller.signal }), 'aborted');
    await until(() => credential.asked === 1);
    const waiting = wrapOne(patient);
    controller.abort();
    await given;
    const hanging = credentialOf(async () => await new Promise<never>(() => undefined));
    const { details } = await failure(wrapOne(keyring({ key: keyId, credential: hanging, timeoutMs: 100 })), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'timeout', retryable: true });
    release();
    expect(await waiting).toMatchObject({ keyId });
  });

  it('is a DefaultAzureCredential unless there is one', async () => {
    const one = azureKeyVaultKeyring({ key: keyId, timeoutMs: AMPLE, trustedHosts: [hostOf(keyId)], clientOptions: sim.azure.clientOptions() });
    await withEnvironment({ ...NOTHING_SET_UP, ...sim.azure.environment() }, async () => {
      expect(await wrapOne(one)).toMatchObject({ keyId, keyVersion: versionOf(id) });
    });
    expect(sim.requests.list().map(({ operation }) => operation)).toEqual(['Challenge', 'GetToken', 'WrapKey']);
  });

  it('that cannot be found is said to be missing, with no rejection left behind', async () => {
    const one = azureKeyVaultKeyring({ key: keyId, timeoutMs: AMPLE, trustedHosts: [hostOf(keyId)], clientOptions: sim.azure.clientOptions() });
    const unhandled = await unhandledDuring(async () => {
      await withEnvironment({ ...NOTHING_SET_UP, AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' }, async () => {
        const { details, cause } = await failure(wrapOne(one), 'keyring-failed');
        expect(details).toMatchObject({ reason: 'access-denied', retryable: false, remedy: like(/managed identity/) });
        expect((cause as Error).message).toContain('EnvironmentCredential');
      });
    });
    expect(unhandled).toEqual([]);
  });
});

describe('a client', () => {
  it('of the caller is made once for the key, and once for each version', async () => {
    const key = await sim.azure.createKey();
    const made: string[] = [];
    const one = keyring({
      key: key.keyId,
      client: (wanted) => {
        made.push(wanted);
        return new CryptographyClient(wanted, sim.azure.credential, sim.azure.clientOptions());
      },
    });
    const first = await wrapOne(one);
    const second = await sim.azure.rotateKey(key.keyId);
    const young = await wrapOne(one);
    for (const wrappedKey of [first, young, first]) expect((await unwrapFrom(one, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
    expect(made).toEqual([key.keyId, key.id, second.id]);
  });

  it('that cannot be made is misconfigured', async () => {
    const one = keyring({
      key: keyId,
      client: () => {
        throw new Error('Not today.');
      },
    });
    const { details, cause } = await failure(wrapOne(one), 'keyring-failed');
    expect(details.reason).toBe('misconfigured');
    expect(cause).toMatchObject({ message: 'Not today.' });
  });

  it('does not lose what it was asked first when its second request overtakes', async () => {
    const slow = sim.faults.inject({ kind: 'latency', ms: 200, operation: 'Challenge', count: 1 });
    const one = keyring({ key: keyId });
    const first = wrapOne(one);
    await until(() => slow.hits === 1);
    const wrapped = await Promise.all([first, wrapOne(one), wrapOne(one)]);
    for (const wrappedKey of wrapped) expect((await unwrapFrom(one, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
  });

  it('that was given up during its first request goes on with the next', async () => {
    const held = sim.faults.inject({ kind: 'hang', operation: 'Challenge', count: 1 });
    const one = keyring({ key: keyId });
    const controller = new AbortController();
    const seen = failure(wrapOne(one, {}, { signal: controller.signal }), 'aborted');
    await until(() => held.hits === 1);
    const next = wrapOne(one);
    controller.abort();
    await seen;
    expect(await next).toMatchObject({ keyId });
  });
});
