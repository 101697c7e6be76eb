import { unwrapAes, wrapAes } from '../cryptography/aes-key-wrap.js';
import { decryptRsa, encryptRsa, isRsaAlgorithm } from '../cryptography/rsa.js';
import { versionId } from '../keys/key-id.js';
import type { KeyVersion } from '../keys/key.js';
import { requireUse, type KeyUse } from '../keys/key-use.js';
import { badParameter, notSimulated } from '../protocol/vault-error.js';
import type { Operation } from './operation.js';

/** WrapKey, UnwrapKey, Encrypt and Decrypt: with an RSA key each pair is the same, but for the permission. */
export function cryptography(use: KeyUse): Operation {
  return ({ vault, name, version: named, body }, { store, now }) => {
    const { key, version } = store.version(vault, name, named);
    const algorithm = body.text('alg');
    const value = body.bytes('value');
    requireUse(version, use, now);
    const result = compute(version, use, algorithm, value);
    return { kid: versionId(vault, key, version), value: Buffer.from(result).toString('base64url') };
  };
}

const AES_KEY_WRAPS: Readonly<Record<string, number>> = { A128KW: 128, A192KW: 192, A256KW: 256 };
const UNSIMULATED = /^(?:A(?:128|192|256)(?:GCM|CBC|CBCPAD)|CKM_AES_KEY_WRAP(?:_PAD)?)$/;

function compute({ kty, size, material }: KeyVersion, use: KeyUse, algorithm: string | undefined, value: Uint8Array): Uint8Array {
  const forward = use === 'wrapKey' || use === 'encrypt';
  const wraps = use === 'wrapKey' || use === 'unwrapKey';
  if (material.kind === 'rsa' && algorithm !== undefined && isRsaAlgorithm(algorithm)) {
    const result = forward ? encryptRsa(material.publicKey, algorithm, size, value) : decryptRsa(material.privateKey, algorithm, value);
    return result ?? incorrect();
  }
  if (material.kind === 'oct' && wraps && algorithm !== undefined && AES_KEY_WRAPS[algorithm] === size) {
    return (forward ? wrapAes(material.key, value) : unwrapAes(material.key, value)) ?? incorrect();
  }
  if (material.kind === 'oct' && algorithm !== undefined && UNSIMULATED.test(algorithm)) throw notSimulated(`The algorithm ${algorithm}`);
  throw badParameter(`Key and signing algorithm are incompatible. Key of type ${kty} and ${size} bits cannot ${use} with ${algorithm ?? 'no algorithm'}.`);
}

/** The service does not say whether it is the ciphertext, its length or the key that is wrong. */
function incorrect(): never {
  throw badParameter('The parameter is incorrect.\r\n');
}
