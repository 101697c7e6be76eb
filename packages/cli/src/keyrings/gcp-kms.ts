import type { GcpKmsKeyringOptions } from '@keyfold/gcp-kms';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { usageError } from '../errors/usage-error.js';
import { placed } from './failure-domain.js';
import { fromOptions, given } from './from-options.js';
import { loadOptional } from './optional-package.js';
import type { Origin, PlacedKeyring, Provider } from './provider.js';
import { readPublicKey } from './public-key-file.js';

/** What a configuration says of a key in Google Cloud KMS, as the schema describes it. */
interface GcpKmsSettings {
  readonly key: string;
  readonly alsoUnwrap?: readonly string[];
  readonly publicKeyFile?: string;
  readonly timeoutMs?: number;
  readonly maxAttempts?: number;
  readonly endpoint?: string;
  readonly projectId?: string;
  readonly keyFilename?: string;
}

type ClientOptions = NonNullable<GcpKmsKeyringOptions['clientOptions']>;

/** Keys in Google Cloud KMS: `gcp-kms:<resource name>`. Credentials are the SDK's own, unless a configuration says more. */
export const gcpKms: Provider = {
  async fromSpec(rest, origin) {
    if (rest === '') throw usageError(origin.argument, 'name the key: gcp-kms:projects/…/locations/…/keyRings/…/cryptoKeys/….');
    return await makeKeyring({ key: rest }, origin);
  },

  async fromSettings(settings, origin) {
    return await makeKeyring(settings as unknown as GcpKmsSettings, origin);
  },
};

async function makeKeyring(settings: GcpKmsSettings, origin: Origin): Promise<PlacedKeyring> {
  const { key, alsoUnwrap, publicKeyFile, timeoutMs, maxAttempts } = settings;
  // A public key needs no SDK.
  const packages = ['@keyfold/gcp-kms', ...(publicKeyFile === undefined ? ['@google-cloud/kms'] : [])] as const;
  const { gcpKmsKeyring, gcpKmsOfflineKeyring } = await loadOptional(async () => await import('@keyfold/gcp-kms'), packages, origin.argument);
  if (publicKeyFile !== undefined) {
    const publicKey = await readPublicKey(publicKeyFile, origin);
    return placed(fromOptions(() => gcpKmsOfflineKeyring({ key, publicKey }), origin));
  }
  const options = { key, ...given({ alsoUnwrap, timeoutMs, maxAttempts }), clientOptions: clientOptionsOf(settings, origin) };
  return placed(fromOptions(() => gcpKmsKeyring(options), origin));
}

function clientOptionsOf({ endpoint, projectId, keyFilename }: GcpKmsSettings, { argument, folder }: Origin): ClientOptions {
  const account = given({ projectId, keyFilename: keyFilename === undefined ? undefined : resolve(folder, keyFilename) });
  return endpoint === undefined ? account : { ...account, ...endpointOptions(endpoint, `${argument}.endpoint`) };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** A host, with or without a port. Without TLS, and then without credentials, only for a simulator on this machine. */
function endpointOptions(endpoint: string, argument: string): ClientOptions {
  const text = endpoint.includes('://') ? endpoint : `https://${endpoint}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '' || url.username !== '' || url.pathname.length > 1 || url.search !== '' || url.hash !== '') {
    throw usageError(argument, 'give a host with or without a port, such as cloudkms.europe-west3.rep.googleapis.com.');
  }
  const place = { apiEndpoint: url.hostname, ...(url.port === '' ? {} : { port: Number(url.port) }) };
  if (url.protocol === 'https:') return place;
  if (url.protocol !== 'http:' || !LOOPBACK.test(url.hostname) || url.port === '') {
    throw usageError(argument, 'without TLS only a simulator on this machine is called, such as http://127.0.0.1:8591.');
  }
  // The universe is named because the SDK would ask the network for it.
  return { ...place, universeDomain: 'googleapis.com', sslCreds: withoutTls() };
}

/** gRPC takes credentials of its own copy alone, which is the one that the SDK has found. */
function withoutTls(): NonNullable<ClientOptions['sslCreds']> {
  const keyring = createRequire(import.meta.resolve('@keyfold/gcp-kms'));
  const sdk = createRequire(keyring.resolve('@google-cloud/kms'));
  const { grpc } = sdk('google-gax') as { readonly grpc: { readonly credentials: { createInsecure(): NonNullable<ClientOptions['sslCreds']> } } };
  return grpc.credentials.createInsecure();
}
