import { abortable, keyringError, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';
import type { CheckRequest, KeyCheck, Keyring, KeyringFailure } from '@keyfold/core/keyring';
import { isSameKey } from '../names/key-arn.js';
import { readKeyArn } from '../names/key-name.js';
import { DATA_KEY_LENGTH, PROVIDER } from '../provider.js';
import { assertOptions, invalidArgument } from '../refuse.js';
import { candidatesAmong } from '../unwrapping/plan.js';
import { importPublicKey, readPublicKey, sealOaep } from './public-key.js';
import type { PublicKeyInput } from './public-key.js';

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
  const der = readPublicKey(options.publicKey, 'options.publicKey');
  let imported: Promise<CryptoKey> | undefined;

  const misconfigured = (operation: KeyringFailure['operation'], message: string, remedy: string, cause?: unknown): Error =>
    keyringError({ provider: PROVIDER, keyring: name, keyId: name, operation, reason: 'misconfigured', retryable: false, remedy }, message, cause);

  const seal = async (keyMaterial: Uint8Array): Promise<Uint8Array> => {
    try {
      return await sealOaep(await (imported ??= importPublicKey(der)), keyMaterial);
    } catch (cause) {
      throw misconfigured('wrap', 'the public key is not one that AWS KMS has.', UNUSABLE, cause);
    }
  };

  const keyring: AwsKmsOfflineKeyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: name }],

    async wrap({ keyMaterial, signal }) {
      throwIfAborted(signal);
      if (keyMaterial.length !== DATA_KEY_LENGTH) {
        throw invalidArgument('request.keyMaterial', `a data key is ${DATA_KEY_LENGTH} bytes; pass that many.`);
      }
      const ciphertext = await abortable(seal(keyMaterial), signal);
      return { wrappedKeys: [{ provider: PROVIDER, keyId: name, keyVersion: '', algorithm: 'RSAES_OAEP_SHA_256', ciphertext }] };
    },

    async unwrap(request) {
      throwIfAborted(request.signal);
      const own = candidatesAmong(request.wrappedKeys).filter((candidate) => isSameKey(candidate.arn, arn));
      const wrappedKeys = own.slice(0, 1).map(({ wrappedKey }) => wrappedKey);
      const refuse = async (): Promise<never> =>
        await Promise.reject(misconfigured('unwrap', 'this keyring has the public key alone.', `Unwrap with awsKmsKeyring({ key: '${name}' }).`));
      return await unwrapEach(keyring, { ...request, wrappedKeys }, () => refuse);
    },

    async check({ signal }) {
      throwIfAborted(signal);
      const probe = seal(new Uint8Array(DATA_KEY_LENGTH)).then(
        () => true,
        () => false,
      );
      const usable = await abortable(probe, signal);
      return [
        {
          provider: PROVIDER,
          keyId: name,
          keyVersion: '',
          // The half of the key that is used here is here.
          reachable: true,
          state: 'enabled',
          permitted: { wrap: usable ? 'yes' : 'no', unwrap: 'no', generate: 'no' },
          ...(usable ? {} : { problem: { reason: 'misconfigured', remedy: UNUSABLE } }),
        },
      ];
    },
  };
  return keyring;
}

const UNUSABLE = 'Get the public key again, with "aws kms get-public-key", from an RSA key of AWS KMS.';
