import { randomUUID } from 'node:crypto';
import { SimulatorError } from '../shared/errors.js';
import type { KeyAlgorithm, ProtectionLevel } from './keys/algorithms.js';
import type { VersionState } from './keys/crypto-key.js';
import { cryptoKeyName, keyRingName, locationName, parseName } from './keys/resource-name.js';
import { runOperation, type KmsServiceParts } from './kms-service.js';
import { ServiceError } from './protocol/service-error.js';

/** A Google Cloud KMS key to be made without a request. */
export interface NewGcpKey {
  /** E.g. `europe-west1`; default `global`. */
  readonly location?: string;
  /** Made too, unless it exists; default `keyfold`. */
  readonly keyRing?: string;
  /** Id of the key; default: a random one. */
  readonly key?: string;
  /** Default: the simulator's `project`. */
  readonly project?: string;
  /** Default `GOOGLE_SYMMETRIC_ENCRYPTION`; the others are RSA keys for asymmetric decryption. */
  readonly algorithm?: KeyAlgorithm;
  /** Default `SOFTWARE`. */
  readonly protectionLevel?: ProtectionLevel;
}

/** A key that was made. */
export interface CreatedGcpKey {
  /** `projects/…/locations/…/keyRings/…/cryptoKeys/…` */
  readonly name: string;
  /** The same with `/cryptoKeyVersions/1`, its first version. */
  readonly version: string;
}

/** A key that exists. */
export interface FoundGcpKey {
  readonly name: string;
  /** Number of the version that encrypts; `undefined` for an RSA key. */
  readonly primary: string | undefined;
  /** State by version number. */
  readonly versions: Readonly<Record<string, VersionState>>;
}

/** @throws SimulatorError `invalid-option` if the service would refuse any of it. */
export async function makeKey(key: NewGcpKey, parts: KmsServiceParts): Promise<CreatedGcpKey> {
  const { location = 'global', keyRing = 'keyfold', project = parts.settings.project, protectionLevel = 'SOFTWARE' } = key;
  const { algorithm = 'GOOGLE_SYMMETRIC_ENCRYPTION', key: cryptoKey = `key-${randomUUID()}` } = key;
  const parsed = { project, location, keyRing, cryptoKey };
  try {
    if (parts.store.findKeyRing(parsed) === undefined) {
      await runOperation('CreateKeyRing', { parent: locationName(parsed), keyRingId: keyRing }, parts);
    }
    await runOperation(
      'CreateCryptoKey',
      {
        parent: keyRingName(parsed),
        cryptoKeyId: cryptoKey,
        cryptoKey: {
          purpose: algorithm === 'GOOGLE_SYMMETRIC_ENCRYPTION' ? 'ENCRYPT_DECRYPT' : 'ASYMMETRIC_DECRYPT',
          versionTemplate: { algorithm, protectionLevel },
          labels: {},
        },
      },
      parts,
    );
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new SimulatorError('invalid-option', `The key could not be made: ${error.status}: ${error.message}`, { cause: error });
  }
  const name = cryptoKeyName(parsed);
  return { name, version: `${name}/cryptoKeyVersions/1` };
}

/** Looks a key up by its name without a request. */
export function findKey(name: string, { store, clock }: KmsServiceParts): FoundGcpKey | undefined {
  store.passTime(clock.now());
  const parts = parseName(name);
  if (parts?.keyRing === undefined || parts.cryptoKey === undefined) return undefined;
  const key = store.findKey({ ...parts, keyRing: parts.keyRing, cryptoKey: parts.cryptoKey });
  if (key === undefined) return undefined;
  const versions = Object.fromEntries(key.versions.map(({ version, state }) => [version, state]));
  return { name: cryptoKeyName(key), primary: key.primary, versions };
}
