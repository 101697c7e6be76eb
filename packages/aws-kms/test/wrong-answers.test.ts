/** Answers that are not of the key that was asked for, or hold no data key. */
import { EncryptCommand } from '@aws-sdk/client-kms';
import type { AwsKmsClient } from '@keyfold/aws-kms';
import { encryptionContext } from '@keyfold/core/keyring';
import { failure, generateOne, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { AWAY, HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const key = await sim.aws.createKey({ region: HOME, alias: 'alias/app' });
const kms = client();

/** A client whose answers are the simulator's, with some fields changed. */
function answering(changes: object): AwsKmsClient {
  const send = async (command: EncryptCommand, options: Parameters<AwsKmsClient['send']>[1]): Promise<object> => ({
    ...(await kms.send(command, options)),
    ...changes,
  });
  return { send } as AwsKmsClient;
}

const ANOTHER = '00000000-0000-0000-0000-000000000000';
const ELSEWHERE = key.arn.replace(HOME, AWAY);
const THEIRS = key.arn.replace('111122223333', '999999999999');

describe.each<[string, string, readonly (string | undefined)[]]>([
  ['an ARN', key.arn, [ELSEWHERE, THEIRS, key.arn.replace(key.keyId, ANOTHER), key.keyId, 'alias/app', '', undefined]],
  ['an id', key.keyId, [ELSEWHERE, key.arn.replace(key.keyId, ANOTHER), key.keyId, undefined]],
  ['an alias', 'alias/app', [ELSEWHERE, 'alias/app', undefined]],
  ['an alias ARN', key.aliasArn ?? '', [ELSEWHERE, THEIRS, key.aliasArn, undefined]],
])('a key named by %s', (_, name, answers) => {
  it.each(answers)('does not take an answer of %s for its own', async (KeyId) => {
    const one = keyring({ key: name, region: HOME, client: answering({ KeyId }) });
    for (const call of [async () => await wrapOne(one), async () => await generateOne(one)]) {
      const { details } = await failure(call(), 'keyring-failed');
      expect(details).toMatchObject({ reason: 'integrity', retryable: false, keyId: name });
    }
  });

  it.each(answers)('does not take a data key from an answer of %s', async (KeyId) => {
    const wrapped = await wrapOne(keyring({ key: key.arn }));
    const one = keyring({ key: name, region: HOME, client: answering({ KeyId }) });
    const { details } = await failure(unwrapFrom(one, [wrapped]), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'integrity', retryable: false });
  });
});

describe('an answer without a data key of 32 bytes', () => {
  it.each([[new Uint8Array(0)], [new Uint8Array(16)], [new Uint8Array(33)], [undefined]])('is refused: %s', async (Plaintext) => {
    const one = keyring({ key: key.arn, client: answering({ Plaintext }) });
    const { message } = await failure(generateOne(one), 'keyring-failed');
    expect(message).toContain('without a data key of 32 bytes');
  });

  it('is not offered as key material, whoever wrapped it', async () => {
    const { CiphertextBlob = new Uint8Array() } = await kms.send(
      new EncryptCommand({ KeyId: key.arn, Plaintext: new Uint8Array(16), EncryptionContext: { 'keyfold:format': '1' } }),
    );
    const wrapped = { ...(await wrapOne(keyring({ key: key.arn }))), ciphertext: CiphertextBlob };
    const accepts = (): never => {
      throw new Error('asked');
    };
    const request = { wrappedKeys: [wrapped], context: await encryptionContext(), accepts, signal: new AbortController().signal };
    const { details } = await failure(keyring({ key: key.arn }).unwrap(request), 'keyring-failed');
    expect(details.reason).toBe('integrity');
  });
});

it.each([[new Uint8Array(0)], [new Uint8Array(6145)], [undefined]])('a ciphertext that no envelope can hold is refused', async (CiphertextBlob) => {
  const one = keyring({ key: key.arn, client: answering({ CiphertextBlob }) });
  for (const call of [async () => await wrapOne(one), async () => await generateOne(one)]) {
    expect((await failure(call(), 'keyring-failed')).details.reason).toBe('integrity');
  }
});
