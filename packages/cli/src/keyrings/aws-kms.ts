import { isKeyfoldError } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import type { AwsKmsAlgorithm, AwsKmsKeyringOptions } from '@keyfold/aws-kms';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileOperation } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';
import { loadOptional } from './optional-package.js';
import type { Origin, Provider } from './provider.js';

/** What a configuration says of a key in AWS KMS, as the schema describes it. */
interface AwsKmsSettings {
  readonly key: string;
  readonly region?: string | readonly string[];
  readonly alsoUnwrap?: readonly string[];
  readonly algorithm?: AwsKmsAlgorithm;
  readonly publicKeyFile?: string;
  readonly timeoutMs?: number;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly useFipsEndpoint?: boolean;
}

/** Keys in AWS KMS: `aws-kms:<ARN or alias>`. Credentials, Region and endpoint are the SDK's own, unless a configuration says more. */
export const awsKms: Provider = {
  async fromSpec(rest, origin) {
    if (rest === '') throw usageError(origin.argument, 'name the key: aws-kms:<key ARN, alias ARN or alias/name>.');
    return await makeKeyring({ key: rest }, origin);
  },

  async fromSettings(settings, origin) {
    return await makeKeyring(settings as unknown as AwsKmsSettings, origin);
  },
};

async function makeKeyring(settings: AwsKmsSettings, origin: Origin): Promise<Keyring> {
  const packages = ['@keyfold/aws-kms', '@aws-sdk/client-kms'];
  const { awsKmsKeyring, awsKmsOfflineKeyring } = await loadOptional(async () => await import('@keyfold/aws-kms'), packages, origin.argument);
  const { publicKeyFile } = settings;
  const publicKey = publicKeyFile === undefined ? undefined : await readPublicKey(publicKeyFile, origin);
  try {
    return publicKey === undefined ? awsKmsKeyring(optionsOf(settings)) : awsKmsOfflineKeyring({ key: settings.key, publicKey });
  } catch (error) {
    if (!isKeyfoldError(error, 'invalid-argument')) throw error;
    const { argument } = error.details;
    // "options.key: …" is in the words of the library; the setting has the same name.
    const advice = error.message.slice(`${argument}: `.length);
    throw usageError(origin.argument, `${argument.replace(/^options\./, '')}: ${advice}`, error);
  }
}

function optionsOf({ key, region, alsoUnwrap, algorithm, timeoutMs, profile, endpoint, useFipsEndpoint }: AwsKmsSettings): AwsKmsKeyringOptions {
  const clientConfig = {
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(useFipsEndpoint === undefined ? {} : { useFipsEndpoint }),
  };
  return {
    key,
    ...(region === undefined ? {} : { region }),
    ...(alsoUnwrap === undefined ? {} : { alsoUnwrap }),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(Object.keys(clientConfig).length === 0 ? {} : { clientConfig }),
  };
}

async function readPublicKey(path: string, { folder }: Origin): Promise<string | Uint8Array> {
  const bytes = await fileOperation('read the public key', path, readFile(resolve(folder, path)));
  const text = new TextDecoder().decode(bytes);
  return text.includes('-----BEGIN') || /^[\w+/=\s]+$/.test(text) ? text : bytes;
}
