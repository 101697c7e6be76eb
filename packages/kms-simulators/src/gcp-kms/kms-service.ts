import type { SimulatedClock } from '../shared/clock/simulated-clock.js';
import type { ServiceEffect } from '../shared/faults/under-fault.js';
import type { StateFile } from '../shared/state/state-file.js';
import type { GcpKmsSettings } from './gcp-kms-options.js';
import type { KeyStore } from './keys/key-store.js';
import { OPERATIONS } from './operations/index.js';
import { answerOf, errorAnswerOf, type KmsAnswer } from './protocol/answer.js';
import type { KmsCall } from './protocol/kms-call.js';
import type { Message } from './protocol/service-definition.js';
import { ServiceError } from './protocol/service-error.js';
import { refusalOf, type SpoilingEffect } from './service-faults.js';
import { runSpoiled } from './spoil.js';

/** What the service works with. */
export interface KmsServiceParts {
  readonly store: KeyStore;
  readonly settings: GcpKmsSettings;
  readonly clock: SimulatedClock;
  readonly state: StateFile;
}

/** Does what a request asks for, under an effect if there is one, and answers as the service does. */
export async function answerCall(call: KmsCall, effect: ServiceEffect | undefined, parts: KmsServiceParts): Promise<KmsAnswer> {
  try {
    if ('refusal' in call) throw call.refusal;
    const refusal = effect && refusalOf(effect, call.facts);
    if (refusal instanceof ServiceError) throw refusal;
    return answerOf(call.codec.encode(await runOperation(call.facts.operation, call.request, parts, refusal)));
  } catch (error) {
    if (error instanceof ServiceError) return errorAnswerOf(error);
    // A full disk under the state file, or a defect of ours: both must be seen, not hang a client.
    return errorAnswerOf(new ServiceError('INTERNAL', `Simulator: ${(error as Error).message}`));
  }
}

/** Runs one operation and keeps what it changed. */
export async function runOperation(
  name: string,
  request: Message,
  { store, clock, state }: KmsServiceParts,
  effect?: SpoilingEffect,
): Promise<Message> {
  const operation = OPERATIONS.get(name)?.run;
  if (operation === undefined) throw new ServiceError('UNIMPLEMENTED', `The operation ${name} is not simulated.`);
  const now = clock.now();
  store.passTime(now);
  const context = { store, now };
  const answer = effect === undefined ? await operation(request as never, context) : await runSpoiled(operation, request, context, effect);
  if (store.changed) {
    store.changed = false;
    await state.save();
  }
  return answer;
}
