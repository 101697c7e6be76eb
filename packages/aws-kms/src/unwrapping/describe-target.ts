import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import type { KmsCall } from '../calls/kms-call.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import { wrongAnswer } from '../failures/kms-error.js';
import { nameInRegion } from '../names/configured-key.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import { parseKeyArn } from '../names/key-arn.js';
import type { KeyArn } from '../names/key-arn.js';

/** Asks AWS KMS which key a configured alias leads to. Throws `keyring-failed`, `aborted`. */
export async function describeTarget(calls: KmsCalls, key: ConfiguredKey, signal: AbortSignal): Promise<KeyArn> {
  const [region] = key.regions;
  const call: KmsCall = { action: 'DescribeKey', keyId: nameInRegion(key, region), region, operation: 'unwrap' };
  const command = new DescribeKeyCommand({ KeyId: call.keyId });
  const answer = await calls.send(call, signal, async (client, options) => await client.send(command, options));
  const arn = parseKeyArn(answer.KeyMetadata?.Arn ?? '');
  if (arn === undefined) throw calls.fail(call, wrongAnswer(call, 'without the ARN of a key'));
  return arn;
}
