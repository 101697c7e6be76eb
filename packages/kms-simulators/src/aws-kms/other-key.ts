import { keyArn } from './keys/arn.js';
import { keyState } from './keys/key-state.js';
import type { KmsKey } from './keys/kms-key.js';
import { resolveKey } from './keys/resolve-key.js';
import { createKey } from './operations/create-key.js';
import type { Operation, OperationContext, Output } from './operations/operation.js';
import { Input } from './protocol/input.js';
import { randomOfSameLength } from './service-faults.js';

/**
 * Answers for another key than the one that was asked for, as a service does that mixes up its
 * answers. A decryption is done as asked, then answered with random bytes under the other name.
 */
export async function answerForOtherKey(
  operation: Operation,
  input: Input,
  context: OperationContext,
  otherKey: string | undefined,
): Promise<Output> {
  const field = ['DestinationKeyId', 'KeyId'].find((name) => input.optionalText(name) !== undefined);
  if (context.operation === 'Decrypt') {
    const answer = await operation(input, context);
    const other = await findOther(String(answer['KeyId']), otherKey, context);
    return { ...answer, KeyId: keyArn(other), Plaintext: randomOfSameLength(String(answer['Plaintext'])) };
  }
  if (field === undefined) return await operation(input, context);
  const other = await findOther(input.text(field), otherKey, context);
  return await operation(input.with({ [field]: keyArn(other) }), context);
}

async function findOther(
  asked: string,
  otherKey: string | undefined,
  context: OperationContext,
): Promise<KmsKey> {
  if (otherKey !== undefined) return resolveKey(otherKey, context);
  const { store, now, caller } = context;
  const key = resolveKey(asked, context);
  const sameKind = store.keys().find((one) => {
    return (
      one.keyId !== key.keyId &&
      one.account === key.account &&
      one.region === key.region &&
      one.keySpec === key.keySpec &&
      one.keyUsage === key.keyUsage &&
      keyState(one, now) === 'Enabled'
    );
  });
  if (sameKind !== undefined) return sameKind;
  const { keySpec, keyUsage, account } = key;
  const made = await createKey(
    new Input({ KeySpec: keySpec, KeyUsage: keyUsage, Description: 'Made by a fault of kind other-key.' }),
    { ...context, caller: { ...caller, account } },
  );
  const { Arn } = made['KeyMetadata'] as { Arn: string };
  return resolveKey(Arn, context);
}
