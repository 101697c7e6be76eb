import { KeyManagementServiceClient } from '@google-cloud/kms';
import { awsKmsKeyring } from '@keyfold/aws-kms';
import { azureKeyVaultKeyring } from '@keyfold/azure-keyvault';
import type { Keyring } from '@keyfold/core';
import { gcpKmsKeyring } from '@keyfold/gcp-kms';
import { generateRsaKeyPair, rawRsaKeyring } from '@keyfold/local-raw';
import type { Simulators } from '@keyfold/kms-simulators';
import { afterAll } from 'vitest';

// The SDK warns once in every process that a later release will need Node 22.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Deadline in ms of one request, which nothing in a test waits for: the multi-keyring's own is what ends a call. */
const AMPLE = 3_600_000;

/** What a multi-keyring of these tests is made of. */
export interface Member {
  readonly name: string;
  readonly keyring: Keyring;
  /** For a key in a cloud: how the simulator knows it. */
  readonly cloud?: {
    readonly provider: 'aws-kms' | 'azure-keyvault' | 'gcp-kms';
    /** Names the key in all its Regions. */
    readonly key: string;
    /** The Region, or location, that is asked first. */
    readonly region: string;
    /** What the service answers when the key is disabled. */
    readonly disabled: { readonly code: string; readonly status?: number; readonly message?: string };
  };
  /** For a key that no service holds: the same key where it can wrap and not unwrap. */
  readonly publicHalf?: Keyring;
}

type MakeMember = (sim: Simulators, atEnd: (close: () => Promise<void> | void) => void) => Promise<Member>;

/** In order of preference. Another provider is one more entry. */
export const MEMBERS: readonly MakeMember[] = [
  awsMember(['eu-west-1']),
  awsMember(['us-east-1', 'us-west-2']),
  gcpMember('europe-west1'),
  azureMember('keyfold-north'),
  offlineMember('break-glass'),
];

/** Makes every member, and closes what they have open after the last test of the file. */
export async function makeMembers(sim: Simulators): Promise<{ readonly members: readonly Member[]; readonly close: () => Promise<void> }> {
  const open: (() => Promise<void> | void)[] = [];
  const members = await Promise.all(MEMBERS.map(async (make) => await make(sim, (close) => open.push(close))));
  const close = async (): Promise<void> => {
    for (const one of open.splice(0)) await one();
  };
  afterAll(close);
  return { members, close };
}

/** A symmetric key of AWS KMS, in several Regions a multi-Region key. */
function awsMember([region, ...others]: readonly [string, ...string[]]): MakeMember {
  return async (sim, atEnd) => {
    const { arn, keyId } = await sim.aws.createKey({ region, ...(others.length === 0 ? {} : { replicaRegions: others }) });
    const { endpoint, credentials } = sim.aws.clientConfig(region);
    const keyring = awsKmsKeyring({
      key: arn,
      timeoutMs: AMPLE,
      clientConfig: { endpoint, credentials, maxAttempts: 1 },
      ...(others.length === 0 ? {} : { region: [region, ...others] }),
    });
    atEnd(() => { keyring.close(); });
    const cloud = { provider: 'aws-kms', key: keyId, region, disabled: { code: 'DisabledException' } } as const;
    return { name: `AWS ${[region, ...others].join(' and ')}`, keyring, cloud };
  };
}

/** A symmetric key of Google Cloud KMS. */
function gcpMember(location: string): MakeMember {
  return async (sim, atEnd) => {
    const { name } = await sim.gcp.createKey({ location });
    const client = new KeyManagementServiceClient(sim.gcp.clientOptions());
    atEnd(async () => { await client.close(); });
    const keyring = gcpKmsKeyring({ key: name, timeoutMs: AMPLE, maxAttempts: 1, client });
    const cloud = { provider: 'gcp-kms', key: name, region: location, disabled: { code: 'FAILED_PRECONDITION' } } as const;
    return { name: `Google Cloud ${location}`, keyring, cloud };
  };
}

/** An RSA key of Azure Key Vault. */
function azureMember(vault: string): MakeMember {
  return async (sim) => {
    const { keyId } = await sim.azure.createKey({ vault, kty: 'RSA' });
    const { host } = new URL(keyId);
    const { credential } = sim.azure;
    const keyring = azureKeyVaultKeyring({
      key: keyId,
      timeoutMs: AMPLE,
      maxAttempts: 1,
      credential,
      clientOptions: sim.azure.clientOptions(),
      trustedHosts: [host],
    });
    const disabled = { code: 'Forbidden', status: 403, message: 'Operation is not allowed on a disabled key.' };
    const cloud = { provider: 'azure-keyvault', key: keyId, region: vault, disabled } as const;
    return { name: `Azure ${vault}`, keyring, cloud };
  };
}

/** An RSA key in a safe: always there to wrap with, and to unwrap with only for whoever holds its private half. */
function offlineMember(name: string): MakeMember {
  return async () => {
    const pair = await generateRsaKeyPair({ modulusLength: 2048 });
    return { name, keyring: rawRsaKeyring({ name, ...pair }), publicHalf: rawRsaKeyring({ name, publicKey: pair.publicKey }) };
  };
}
