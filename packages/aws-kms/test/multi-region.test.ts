/** One key in several Regions: called where it was said, in that order, and nowhere else. */
import type { KMSClient} from '@aws-sdk/client-kms';
import { DisableKeyCommand, ReplicateKeyCommand } from '@aws-sdk/client-kms';
import { hold } from '@keyfold/dev/testing';
import { DATA_KEY, failure, generateOne, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AWAY, HOME, NOWHERE, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const THIRD = 'eu-central-1';
const key = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY, THIRD], alias: 'alias/everywhere' });
const [home, away] = [key.arns[HOME] ?? '', key.arns[AWAY] ?? ''];
const both = keyring({ key: home, region: [HOME, AWAY] });

/** Region and operation of every request so far, in order. */
const requested = (): string[] => sim.requests.list().map(({ region, operation }) => `${operation} ${region}`);

beforeEach(() => {
  sim.requests.reset();
});
afterEach(() => {
  sim.faults.clear();
});

describe('wrapping', () => {
  it('takes the first Region, and stores the ARN there', async () => {
    expect((await wrapOne(both)).keyId).toBe(home);
    expect((await generateOne(both)).wrappedKey.keyId).toBe(home);
    expect((await wrapOne(keyring({ key: home, region: AWAY }))).keyId).toBe(away);
    expect(requested()).toEqual([`Encrypt ${HOME}`, `GenerateDataKey ${HOME}`, `Encrypt ${AWAY}`]);
    expect(sim.requests.list().map(({ keyId }) => keyId)).toEqual([home, home, away]);
  });

  it('takes the next Region when the first is down', async () => {
    sim.faults.regionDown(HOME);
    expect((await wrapOne(both)).keyId).toBe(away);
    expect((await generateOne(both)).wrappedKey.keyId).toBe(away);
    expect(requested()).toEqual([`Encrypt ${HOME}`, `Encrypt ${AWAY}`, `GenerateDataKey ${HOME}`, `GenerateDataKey ${AWAY}`]);
  });

  it('fails with a row for each Region when all are down', async () => {
    sim.faults.inject({ kind: 'throttled', region: HOME });
    sim.faults.inject({ kind: 'access-denied', region: AWAY });
    for (const call of [async () => await wrapOne(both), async () => await generateOne(both)]) {
      const { details, message } = await failure(call(), 'wrap-failed');
      expect(details.attempts).toMatchObject([
        { outcome: 'failed', provider: 'aws-kms', keyId: home, reason: 'throttled', retryable: true },
        { outcome: 'failed', provider: 'aws-kms', keyId: away, reason: 'access-denied', retryable: false },
      ]);
      expect(message).toContain(`on ${away}`);
      for (const row of details.attempts) expect(row.message).toMatch(/^AWS KMS answered \w+ with \w+/);
    }
  });

  it('does not go on to the next Region for a caller who left', async () => {
    const held = hold(sim, 'Encrypt');
    const controller = new AbortController();
    const call = wrapOne(both, {}, { signal: controller.signal });
    await held.reached;
    controller.abort();
    await failure(call, 'aborted');
    await held.abandoned;
    expect(requested()).toEqual([`Encrypt ${HOME}`]);
  });
});

describe('unwrapping', () => {
  it.each([
    ['the Region where it was wrapped', HOME, HOME],
    ['another one', AWAY, HOME],
    ['another one, the reverse', HOME, AWAY],
    ['one that has nothing to do with either', HOME, THIRD],
  ])('calls the Region that was configured: %s', async (_, wrappedIn, reads) => {
    const wrapped = await wrapOne(keyring({ key: home, region: wrappedIn }));
    expect(wrapped.keyId).toBe(key.arns[wrappedIn]);
    sim.requests.reset();
    expect(await unwrapFrom(keyring({ key: home, region: reads }), [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
    expect(sim.requests.list()).toMatchObject([{ operation: 'Decrypt', region: reads, keyId: key.arns[reads] }]);
  });

  it('works by the key’s id, by an alias, and by another Region’s ARN', async () => {
    const wrapped = await wrapOne(keyring({ key: home, region: AWAY }));
    for (const name of [key.keyId, 'alias/everywhere', away]) {
      const reader = keyring({ key: name, region: HOME });
      expect(await unwrapFrom(reader, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY, wrappedKey: wrapped });
    }
    expect(sim.requests.count({ operation: 'Decrypt', region: AWAY })).toBe(0);
  });

  it('takes the next Region when the first is down, slow to be replicated, or disabled', async () => {
    const wrapped = await wrapOne(both);
    sim.faults.regionDown(HOME);
    expect(await unwrapFrom(both, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
    sim.faults.clear();

    const missing = keyring({ key: home, region: [NOWHERE, AWAY] });
    expect(await unwrapFrom(missing, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });

    const paused = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
    await client().send(new DisableKeyCommand({ KeyId: paused.keyId }));
    const reader = keyring({ key: paused.arn, region: [HOME, AWAY] });
    expect(await unwrapFrom(reader, [await wrapOne(reader)])).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it('goes on when a Region gives another key’s answer, or a wrong data key', async () => {
    const wrapped = await wrapOne(both);
    for (const kind of ['other-key', 'wrong-plaintext', 'garbage'] as const) {
      sim.faults.inject({ kind, region: HOME, count: 1 });
      expect(await unwrapFrom(both, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
    }
  });

  it('fails with a row for each Region when all fail', async () => {
    const wrapped = await wrapOne(both);
    sim.faults.inject({ kind: 'reset', region: HOME });
    sim.faults.inject({ kind: 'wrong-plaintext', region: AWAY });
    const { details } = await failure(unwrapFrom(both, [wrapped]), 'unwrap-failed');
    expect(details.attempts.map(({ reason }) => reason)).toEqual(['unavailable', 'integrity']);
  });

  it('tries in each Region what was wrapped there', async () => {
    const [here, there] = [await wrapOne(both), await wrapOne(keyring({ key: home, region: AWAY }))];
    // As a writer leaves it whose first KMS answered wrongly: only the second wrapped key is good.
    const broken = { ...here, ciphertext: new Uint8Array(here.ciphertext.length) };
    expect(await unwrapFrom(both, [broken, there])).toMatchObject({ wrappedKey: there });
    expect(await unwrapFrom(keyring({ key: home, region: AWAY }), [broken, there])).toMatchObject({ wrappedKey: there });
  });

  it('makes one request for each configured Region, however many Regions an envelope names', async () => {
    const wrapped = await wrapOne(both);
    const many = Array.from({ length: 32 }, (_, i) => ({ ...wrapped, keyId: home.replace(HOME, `xx-nowhere-${i}`) }));
    const damaged = many.map((one) => ({ ...one, ciphertext: wrapped.ciphertext.slice(1) }));
    sim.requests.reset();
    await failure(unwrapFrom(both, damaged), 'unwrap-failed');
    expect(requested()).toEqual([`Decrypt ${HOME}`, `Decrypt ${AWAY}`]);
    expect(sim.requests.list().map(({ keyId }) => keyId)).toEqual([home, away]);
  });

  it('does not go on to the next Region for a caller who left', async () => {
    const wrapped = await wrapOne(both);
    sim.requests.reset();
    const held = hold(sim, 'Decrypt');
    const controller = new AbortController();
    const call = unwrapFrom(both, [wrapped], {}, { signal: controller.signal });
    await held.reached;
    controller.abort();
    await failure(call, 'aborted');
    expect(requested()).toEqual([`Decrypt ${HOME}`]);
  });

  it('uses the configured Regions for multi-Region keys that are listed, and their own for others', async () => {
    const old = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
    const single = await sim.aws.createKey({ region: THIRD });
    const reader = keyring({ key: home, region: AWAY, alsoUnwrap: [old.arn, single.arn] });
    const wrapped = [await wrapOne(keyring({ key: old.arn })), await wrapOne(keyring({ key: single.arn }))];
    sim.requests.reset();
    for (const one of wrapped) expect(await unwrapFrom(reader, [one])).toMatchObject({ wrappedKey: one });
    expect(requested()).toEqual([`Decrypt ${AWAY}`, `Decrypt ${THIRD}`]);
  });
});

describe('a key of one Region', () => {
  it('is never looked for in another', async () => {
    const single = await sim.aws.createKey({ region: HOME });
    const wrapped = { ...(await wrapOne(keyring({ key: single.arn }))), keyId: single.arn.replace(HOME, AWAY) };
    sim.requests.reset();
    expect(await unwrapFrom(keyring({ key: single.arn }), [wrapped])).toBeNull();
    expect(requested()).toEqual([]);
  });
});

describe('clients', () => {
  it('are asked for once for each Region that is called', async () => {
    const regions: string[] = [];
    const clients: KMSClient[] = [];
    const given = keyring({
      key: home,
      region: [HOME, AWAY],
      client: (region) => {
        regions.push(region);
        const made = client(region);
        clients.push(made);
        return made;
      },
    });
    await wrapOne(given);
    await wrapOne(given);
    expect(regions).toEqual([HOME]);
    sim.faults.regionDown(HOME);
    await wrapOne(given);
    expect(regions).toEqual([HOME, AWAY]);
  });

  it('find a new replica not ready yet, and say to try again', async () => {
    const slow = await sim.aws.createKey({ region: HOME, multiRegion: true });
    await client().send(new ReplicateKeyCommand({ KeyId: slow.keyId, ReplicaRegion: AWAY }));
    sim.faults.inject({ kind: 'error', code: 'KMSInvalidStateException', message: `${slow.arn} is creating.`, region: AWAY });
    const { details } = await failure(wrapOne(keyring({ key: slow.arn, region: AWAY })), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'unavailable', retryable: true, keyId: slow.arn.replace(HOME, AWAY) });
  });
});
