import { generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** The key specs that the simulator has. */
export const KEY_SPECS = ['SYMMETRIC_DEFAULT', 'RSA_2048', 'RSA_3072', 'RSA_4096'] as const;
export type KeySpec = (typeof KEY_SPECS)[number];

/** One version of a symmetric key. */
export interface MaterialVersion {
  /** 64 hexadecimal digits, as `KeyMaterialId` in answers. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array<ArrayBuffer>;
  /** When a rotation made it, milliseconds since 1970; `undefined` for the first. */
  readonly rotatedAt: number | undefined;
}

/** An AES-256 key with all its versions; the last one encrypts, all of them decrypt. */
export interface SymmetricMaterial {
  readonly kind: 'symmetric';
  readonly versions: MaterialVersion[];
}

/** An RSA key pair. RSA keys do not rotate. */
export interface RsaMaterial {
  readonly kind: 'rsa';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The secret of a KMS key. Related multi-Region keys share one. */
export type KeyMaterial = SymmetricMaterial | RsaMaterial;

/** Makes the secret of a new key. RSA takes up to some seconds, off the main thread. */
export async function createMaterial(keySpec: KeySpec): Promise<KeyMaterial> {
  if (keySpec === 'SYMMETRIC_DEFAULT') return { kind: 'symmetric', versions: [newVersion(undefined)] };
  const modulusLength = Number(keySpec.slice('RSA_'.length));
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength });
  return { kind: 'rsa', ...pair };
}

/** Adds a version, which encrypts from now on. */
export function rotateMaterial(material: SymmetricMaterial, now: number): void {
  material.versions.push(newVersion(now));
}

/** The version that encrypts. */
export function currentVersion(material: SymmetricMaterial): MaterialVersion {
  const version = material.versions.at(-1);
  if (version === undefined) throw new TypeError('A symmetric key has at least one version.');
  return version;
}

function newVersion(rotatedAt: number | undefined): MaterialVersion {
  return { id: randomBytes(32).toString('hex'), key: new Uint8Array(randomBytes(32)), rotatedAt };
}
