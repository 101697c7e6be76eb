import { checksumOf } from '../cryptography/crc32c.js';
import { requireVersion, versionName } from '../keys/resource-name.js';
import { requirePurpose, usableMaterial } from '../keys/version-state.js';
import type { Operation } from './operation.js';

interface Request {
  readonly name: string;
  readonly publicKeyFormat: string;
}

/** The public half of a version: as PEM, and in another format if one was asked for. */
export const getPublicKey: Operation<Request> = ({ name, publicKeyFormat }, { store }) => {
  const { key, version } = store.version(requireVersion(name));
  requirePurpose(key, 'ASYMMETRIC_DECRYPT');
  const material = usableMaterial(key, version);
  if (material.kind !== 'rsa') throw new TypeError('An RSA key has a symmetric version.');
  const pem = material.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const common = {
    name: versionName({ ...key, ...version }),
    algorithm: version.algorithm,
    protectionLevel: key.protectionLevel,
  };
  const asPem = { ...common, pem, pemCrc32c: checksumOf(Buffer.from(pem)) };
  if (publicKeyFormat === 'PUBLIC_KEY_FORMAT_UNSPECIFIED') return asPem;
  const data = publicKeyFormat === 'DER' ? material.publicKey.export({ type: 'spki', format: 'der' }) : Buffer.from(pem);
  const publicKey = { data, crc32cChecksum: checksumOf(data) };
  return { ...(publicKeyFormat === 'PEM' ? asPem : common), publicKeyFormat, publicKey };
};
