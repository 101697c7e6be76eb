import { assertOptions, publicHalfKeyring, readRsaPublicKey } from '@keyfold/core/keyring';
import type { CheckRequest, KeyCheck, Keyring, PublicKeyInput, PublicKeySource } from '@keyfold/core/keyring';
import { isSameKey } from '../names/key-arn.js';
import { readKeyArn } from '../names/key-name.js';
import { PROVIDER } from '../provider.js';
import { candidatesAmong } from '../unwrapping/plan.js';

export interface AwsKmsOfflineKeyringOptions {
  /** ARN of the RSA key whose public half this is. It is what envelopes call the key; nothing is asked of AWS KMS. */
  readonly key: string;
  /** The public half, of 2,048, 3,072 or 4,096 bits: PEM, or what `GetPublicKey` answers, as bytes or base64. */
  readonly publicKey: PublicKeyInput;
}

/** A keyring that has the public half of an RSA key in AWS KMS. */
export interface AwsKmsOfflineKeyring extends Keyring {
  check(request: CheckRequest): Promise<readonly KeyCheck[]>;
}

/**
 * A keyring that wraps with the public half of an RSA key in AWS KMS, on this machine and without any request: for a
 * break-glass key that writers can add to every envelope, whatever AWS and their credentials are doing, and that only a
 * recovery uses, through `awsKmsKeyring({ key })`.
 *
 * It cannot unwrap: an envelope under this key is answered with `keyring-failed` and the reason `misconfigured`. Nothing
 * here proves that the public key is the one of that ARN; open an envelope with the recovery's keyring once, before you
 * depend on it. Whoever has the public key can make envelopes that the key opens.
 *
 * @throws `invalid-argument` for an ARN or a public key that cannot be used
 * @example
 * ```ts
 * import { awsKmsOfflineKeyring } from '@keyfold/aws-kms';
 * import { readFile } from 'node:fs/promises';
 *
 * const breakGlass = awsKmsOfflineKeyring({
 *   key: 'arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab',
 *   publicKey: await readFile('break-glass.pem', 'utf8'),
 * });
 * ```
 */
export function awsKmsOfflineKeyring(options: AwsKmsOfflineKeyringOptions): AwsKmsOfflineKeyring {
  assertOptions(options, 'awsKmsOfflineKeyring({ key, publicKey })');
  const arn = readKeyArn(options.key, 'options.key', 'nothing is asked of AWS KMS, so no other name can be resolved.');
  const name = arn.text;
  return publicHalfKeyring({
    provider: PROVIDER,
    name,
    keyId: name,
    keyVersion: '',
    publicKey: readRsaPublicKey(options.publicKey, 'options.publicKey', SOURCE),
    algorithm: () => 'RSAES_OAEP_SHA_256',
    isOwn: (wrappedKey) => candidatesAmong([wrappedKey]).some((candidate) => isSameKey(candidate.arn, arn)),
    service: SOURCE.service,
    unusable: 'Get the public key again, with "aws kms get-public-key", from an RSA key of AWS KMS.',
    opener: `Unwrap with awsKmsKeyring({ key: '${name}' }).`,
  });
}

const SOURCE: PublicKeySource = {
  service: 'AWS KMS',
  command: '"aws kms get-public-key --key-id … --query PublicKey --output text"',
};
