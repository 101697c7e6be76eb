import { EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { assertKeyMaterial, DATA_KEY_LENGTH } from '@keyfold/core/keyring';
import type { GenerateRequest, GenerateResult, WrapRequest, WrapResult } from '@keyfold/core/keyring';
import type { KmsCalls } from '../calls/kms-calls.js';
import { wipe } from '../calls/kms-calls.js';
import type { KmsCall } from '../calls/kms-call.js';
import { wrongAnswer } from '../failures/kms-error.js';
import { nameInRegion } from '../names/configured-key.js';
import type { Region } from '../names/configured-key.js';
import type { KeyArn } from '../names/key-arn.js';
import type { Settings } from '../settings/read-options.js';
import { kmsContext } from './encryption-context.js';
import { inFirstRegion } from './first-region.js';
import { readWrapAnswer } from './wrapped-key.js';
import type { MadeByKms, WrapAnswer } from './wrapped-key.js';

const NOT_THAT_KEY = 'with a wrapped key that is not of the key that was asked for';

/** Wraps data keys under one KEK. */
export interface Wrapping {
  readonly wrap: (request: WrapRequest) => Promise<WrapResult>;
  readonly generate: (request: GenerateRequest) => Promise<GenerateResult>;
}

/** @param learn - told which key AWS KMS used */
export function wrapping({ key, algorithm }: Settings, calls: KmsCalls, learn: (arn: KeyArn) => void): Wrapping {
  const callIn = (region: Region, action: KmsCall['action'], operation: KmsCall['operation']): KmsCall => ({
    action,
    keyId: nameInRegion(key, region),
    region,
    operation,
  });

  const read = (call: KmsCall, answer: WrapAnswer): MadeByKms['wrappedKey'] => {
    const made = readWrapAnswer(key, call.region, algorithm, answer);
    if (made === undefined) throw calls.fail(call, wrongAnswer(call, NOT_THAT_KEY));
    learn(made.arn);
    return made.wrappedKey;
  };

  return {
    async wrap({ keyMaterial, context, signal }) {
      assertKeyMaterial(keyMaterial);
      return await inFirstRegion(key.regions, async (region) => {
        const call = callIn(region, 'Encrypt', 'wrap');
        const command = new EncryptCommand({
          KeyId: call.keyId,
          EncryptionAlgorithm: algorithm,
          Plaintext: keyMaterial,
          // AWS KMS takes none with an RSA key; there the envelope's own MAC binds it.
          ...(algorithm === 'SYMMETRIC_DEFAULT' ? { EncryptionContext: kmsContext(context) } : {}),
        });
        const answer = await calls.send(call, signal, async (client, options) => await client.send(command, options));
        return { wrappedKeys: [read(call, answer)] };
      });
    },

    async generate({ context, signal }) {
      return await inFirstRegion(key.regions, async (region) => {
        const call = callIn(region, 'GenerateDataKey', 'generate');
        const command = new GenerateDataKeyCommand({
          KeyId: call.keyId,
          KeySpec: 'AES_256',
          EncryptionContext: kmsContext(context),
        });
        const answer = await calls.send(call, signal, async (client, options) => await client.send(command, options));
        try {
          const { Plaintext } = answer;
          if (Plaintext?.length !== DATA_KEY_LENGTH) throw calls.fail(call, wrongAnswer(call, 'without a data key of 32 bytes'));
          return { keyMaterial: new Uint8Array(Plaintext), wrappedKeys: [read(call, answer)] };
        } finally {
          wipe(answer);
        }
      });
    },
  };
}
