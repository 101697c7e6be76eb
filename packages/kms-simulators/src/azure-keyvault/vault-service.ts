import type { SimulatedClock } from '../shared/clock/simulated-clock.js';
import type { ServiceEffect } from '../shared/faults/under-fault.js';
import type { HttpAnswer } from '../shared/net/deliver-http.js';
import type { StateFile } from '../shared/state/state-file.js';
import type { AzureKeyVaultSettings } from './azure-keyvault-options.js';
import type { KeyStore } from './keys/key-store.js';
import type { Vault } from './keys/vault.js';
import { OPERATIONS } from './operations/index.js';
import type { OperationRequest, Output } from './operations/operation.js';
import { answerOf, errorAnswerOf } from './protocol/answer.js';
import type { VaultCall } from './protocol/vault-call.js';
import { notSimulated, VaultError } from './protocol/vault-error.js';

/** What the service works with. */
export interface VaultServiceParts {
  readonly store: KeyStore;
  readonly settings: AzureKeyVaultSettings;
  readonly clock: SimulatedClock;
  readonly state: StateFile;
}

/** Does what a request asks for, under an effect if there is one, and answers as the service does. */
export async function answerCall(
  call: VaultCall,
  _effect: ServiceEffect | undefined,
  { region }: Pick<Vault, 'region'>,
  parts: VaultServiceParts,
): Promise<HttpAnswer> {
  try {
    if ('refusal' in call) throw call.refusal;
    return answerOf(await runOperation(call.facts.operation, call.request, parts), region);
  } catch (error) {
    if (error instanceof VaultError) return errorAnswerOf(error, region);
    // A full disk under the state file, or a defect of ours: both must be seen, not hang a client.
    return errorAnswerOf(new VaultError(500, 'InternalServerError', `Simulator: ${(error as Error).message}`), region);
  }
}

/** Runs one operation and keeps what it changed. */
export async function runOperation(name: string, request: OperationRequest, { store, clock, state }: VaultServiceParts): Promise<Output> {
  const operation = OPERATIONS.get(name)?.run;
  if (operation === undefined) throw notSimulated(name === '' ? 'What is asked for here' : `The operation ${name}`);
  const now = clock.now();
  store.passTime(now);
  const output = await operation(request, { store, now });
  if (store.changed) {
    store.changed = false;
    await state.save();
  }
  return output;
}
