import { singleFlight, throwIfAborted } from '@keyfold/core/keyring';
import type { CheckRequest, GenerateRequest, GenerateResult, KeyCheck, Keyring } from '@keyfold/core/keyring';
import { kmsCalls } from './calls/kms-calls.js';
import { checkKeys } from './checking/check-keys.js';
import { regionalClients } from './clients/regional-clients.js';
import { AliasTarget } from './names/alias-target.js';
import { PROVIDER } from './provider.js';
import type { AwsKmsKeyringOptions } from './settings/options.js';
import { readOptions } from './settings/read-options.js';
import { describeTarget } from './unwrapping/describe-target.js';
import { unwrap } from './unwrapping/unwrap.js';
import { wrapping } from './wrapping/wrap.js';

/** A keyring for AWS KMS. */
export interface AwsKmsKeyring extends Keyring {
  /** Present for symmetric keys. */
  generate?(request: GenerateRequest): Promise<GenerateResult>;
  check(request: CheckRequest): Promise<readonly KeyCheck[]>;
  /**
   * Frees the sockets of the clients that the keyring made. Call it when no call is under way; the keyring stays usable.
   * A process can also just end: idle sockets do not keep it alive.
   */
  close(): void;
}

/**
 * A keyring for one KEK in AWS KMS: a symmetric key, a multi-Region key or an RSA key.
 *
 * A symmetric key makes data keys (`GenerateDataKey`), wraps them (`Encrypt`) and unwraps them (`Decrypt`), each with the
 * encryption context of the message and the pair `keyfold:format` = `1`. An RSA key wraps and unwraps with
 * RSAES_OAEP_SHA_256, where AWS KMS binds no context: there only the envelope's own MAC does. Envelopes name the key by
 * the ARN that AWS KMS answered with.
 *
 * No key, account or Region is ever called that is not named in the options. An envelope under other keys is answered
 * with `null`, without a request; if `key` is an alias or alias ARN, one `DescribeKey` of that alias may be needed to
 * tell, whose answer is remembered.
 *
 * Failures are `keyring-failed`, for a key in several Regions `wrap-failed` or `unwrap-failed` with one row for each; the
 * remedy names the permission to grant.
 *
 * @throws `invalid-argument` for options that cannot be used
 * @example
 * ```ts
 * import { encrypt } from '@keyfold/core';
 * import { awsKmsKeyring } from '@keyfold/aws-kms';
 *
 * const keyring = awsKmsKeyring({ key: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' });
 * const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring, context: { tenant: 'acme' } });
 * ```
 */
export function awsKmsKeyring(options: AwsKmsKeyringOptions): AwsKmsKeyring {
  const settings = readOptions(options);
  const { name, key } = settings;
  const clients = regionalClients(options);
  const calls = kmsCalls(name, settings.timeoutMs, clients);
  const alias = new AliasTarget(singleFlight(async (signal) => await describeTarget(calls, key, signal)));
  const { wrap, generate } = wrapping(settings, calls, (arn) => {
    alias.learn(arn);
  });

  const keyring: AwsKmsKeyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: key.name.text }],

    wrap,

    async unwrap(request) {
      // Also when nothing is to be unwrapped, and no request will notice.
      throwIfAborted(request.signal);
      return await unwrap(keyring, settings, alias, calls, request);
    },

    async check({ signal }) {
      return await checkKeys(settings, calls, signal);
    },

    close() {
      clients.close();
    },

    ...(settings.algorithm === 'SYMMETRIC_DEFAULT' && { generate }),
  };
  return keyring;
}
