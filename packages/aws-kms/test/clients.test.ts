/** Clients: the keyring's own, and those of its owner. */
import { KMS, KMSClient } from '@aws-sdk/client-kms';
import { awsKmsKeyring } from '@keyfold/aws-kms';
import { withEnvironment, withoutLeaks } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { NOTHING_SET_UP } from './support/environment.js';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const key = await sim.aws.createKey({ region: HOME });

/** A destroyed client closes its idle sockets. */
const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket')).length;

describe('a keyring without a client', () => {
  it('makes one that finds endpoint and credentials where the SDK does', async () => {
    const environment = { ...NOTHING_SET_UP, ...sim.aws.environment(HOME) };
    await withEnvironment(environment, async () => {
      const one = awsKmsKeyring({ key: key.arn });
      expect(await unwrapFrom(one, [await wrapOne(one)])).toMatchObject({ keyMaterial: DATA_KEY });
      one.close();
    });
  });

  it('is closed without a trace, and usable after that', async () => {
    await withoutLeaks(async () => {
      const one = keyring({ key: key.arn });
      const wrapped = await wrapOne(one);
      one.close();
      expect(await unwrapFrom(one, [wrapped])).not.toBeNull();
      one.close();
      one.close();
    });
  });

  it('passes settings on to the SDK', async () => {
    const { endpoint, credentials } = sim.aws.clientConfig(HOME);
    const fips = keyring({ key: key.arn, clientConfig: { endpoint, credentials, useFipsEndpoint: true } });
    // The SDK refuses the two together: it was told of both.
    const error = await failure(wrapOne(fips), 'keyring-failed');
    expect((error.cause as Error).message).toContain('FIPS');
  });
});

describe('a client of the owner', () => {
  it('is used, and left open by close', async () => {
    const mine = client();
    const one = awsKmsKeyring({ key: key.arn, client: mine });
    const wrapped = await wrapOne(one);
    const open = sockets();
    one.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sockets()).toBe(open);
    expect(await unwrapFrom(one, [wrapped])).not.toBeNull();
  });

  it('may be the SDK’s other one, or come from a function', async () => {
    const aggregated = new KMS(sim.aws.clientConfig(HOME));
    const made = new KMSClient(sim.aws.clientConfig(HOME));
    for (const given of [aggregated, () => made]) {
      const one = awsKmsKeyring({ key: key.arn, client: given });
      expect(await unwrapFrom(one, [await wrapOne(one)])).toMatchObject({ keyMaterial: DATA_KEY });
    }
    aggregated.destroy();
    made.destroy();
  });

  it('is asked for once for a Region, whatever is closed meanwhile', async () => {
    const mine = client();
    const regions: string[] = [];
    const one = awsKmsKeyring({
      key: key.arn,
      client: (region) => {
        regions.push(region);
        return mine;
      },
    });
    await wrapOne(one);
    one.close();
    await wrapOne(one);
    expect(regions).toEqual([HOME]);
  });

  it('for another Region than the key’s is told by the error', async () => {
    const one = keyring({ key: key.arn, client: client('us-east-1') });
    const { details } = await failure(wrapOne(one), 'keyring-failed');
    expect(details.reason).toBe('not-found');
    expect(details.remedy).toContain('the client calls its Region');
  });
});

describe('a keyring', () => {
  it('can be decorated: a copy of it works', async () => {
    const copy = { ...keyring({ key: key.arn }), name: 'decorated' };
    expect(await unwrapFrom(copy, [await wrapOne(copy)])).toMatchObject({ keyMaterial: DATA_KEY });
  });
});
