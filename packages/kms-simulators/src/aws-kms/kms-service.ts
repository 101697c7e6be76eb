import type { ServiceEffect } from '../shared/faults/under-fault.js';
import type { SimulatedClock } from '../shared/clock/simulated-clock.js';
import type { HttpAnswer } from '../shared/net/deliver-http.js';
import type { StateFile } from '../shared/state/state-file.js';
import type { AwsKmsSettings } from './aws-kms-options.js';
import type { KeyStore } from './keys/key-store.js';
import { OPERATIONS } from './operations/index.js';
import type { Operation, OperationContext, Output } from './operations/operation.js';
import { answerForOtherKey } from './other-key.js';
import { answerOf, errorAnswerOf } from './protocol/answer.js';
import type { Caller } from './protocol/credential-scope.js';
import type { Input } from './protocol/input.js';
import { KmsError } from './protocol/kms-error.js';
import type { KmsCall } from './protocol/kms-call.js';
import { flipOneBit, refusalOf, type SpoilingEffect } from './service-faults.js';

/** What the service works with. */
export interface KmsServiceParts {
  readonly store: KeyStore;
  readonly settings: AwsKmsSettings;
  readonly clock: SimulatedClock;
  readonly state: StateFile;
}

/** Does what a request asks for, under an effect if there is one, and answers as the service does. */
export async function answerCall(
  call: KmsCall,
  effect: ServiceEffect | undefined,
  parts: KmsServiceParts,
): Promise<HttpAnswer> {
  try {
    if ('refusal' in call) throw call.refusal;
    const refusal = effect && refusalOf(effect, call.facts, call.caller);
    if (refusal instanceof KmsError) throw refusal;
    return answerOf(await runOperation(call.facts.operation, call.input, call.caller, parts, refusal));
  } catch (error) {
    if (error instanceof KmsError) return errorAnswerOf(error);
    // A full disk under the state file, or a defect of ours: both must be seen, not hang a client.
    return errorAnswerOf(new KmsError('KMSInternalException', `Simulator: ${(error as Error).message}`, 500));
  }
}

/** Runs one operation and keeps what it changed. */
export async function runOperation(
  name: string,
  input: Input,
  caller: Caller,
  { store, settings, clock, state }: KmsServiceParts,
  effect?: SpoilingEffect,
): Promise<Output> {
  const operation = OPERATIONS.get(name);
  if (operation === undefined) {
    throw new KmsError('UnknownOperationException', `The operation ${name || '(none)'} is not simulated.`);
  }
  if (input.has('Recipient')) {
    throw new KmsError('UnsupportedOperationException', 'Recipient (attested enclaves) is not simulated.');
  }
  const now = clock.now();
  store.deleteDueKeys(now);
  const { regions, replicaCreatingMs } = settings;
  const context: OperationContext = { store, caller, operation: name, now, regions, replicaCreatingMs };
  const output = await runSpoiled(operation, input, context, effect);
  if (store.changed) {
    store.changed = false;
    await state.save();
  }
  return output;
}

async function runSpoiled(
  operation: Operation,
  input: Input,
  context: OperationContext,
  effect: SpoilingEffect | undefined,
): Promise<Output> {
  switch (effect?.kind) {
    case undefined:
      return await operation(input, context);
    case 'other-key':
      return await answerForOtherKey(operation, input, context, effect.otherKey);
    case 'wrong-plaintext': {
      const sent = context.operation === 'Encrypt' ? input.optionalText('Plaintext', { max: Infinity }) : undefined;
      const spoiled = sent === undefined ? input : input.with({ Plaintext: flipOneBit(sent) });
      const output = await operation(spoiled, context);
      const answered = output['Plaintext'];
      return typeof answered === 'string' ? { ...output, Plaintext: flipOneBit(answered) } : output;
    }
  }
}
