import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SimulatedClock } from '../shared/clock/simulated-clock.js';
import type { Controlled } from '../shared/control/controlled.js';
import { underFault, type ServiceEffect } from '../shared/faults/under-fault.js';
import { connectionGone } from '../shared/net/connection-gone.js';
import { deliverHttp, type HttpAnswer } from '../shared/net/deliver-http.js';
import { readBody } from '../shared/net/read-body.js';
import type { StateFile } from '../shared/state/state-file.js';
import type { AzureKeyVaultSettings } from './azure-keyvault-options.js';
import type { KeyStore } from './keys/key-store.js';
import type { Vault } from './keys/vault.js';
import { OPERATIONS } from './operations/index.js';
import type { OperationRequest, Output } from './operations/operation.js';
import { answerOf, errorAnswerOf } from './protocol/answer.js';
import { readCall, type VaultCall } from './protocol/vault-call.js';
import { notSimulated, VaultError } from './protocol/vault-error.js';
import { refusalOf, type SpoilingEffect } from './service-faults.js';
import { runSpoiled } from './spoil.js';

/** What the service works with. */
export interface VaultServiceParts {
  readonly store: KeyStore;
  readonly settings: AzureKeyVaultSettings;
  readonly clock: SimulatedClock;
  readonly state: StateFile;
}

/** Bytes. The largest real request is some 10 KiB. */
const BODY_LIMIT = 1024 * 1024;

/** Reads a request to a vault, and answers it. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  vault: Vault,
  parts: VaultServiceParts,
  { faults, requests }: Pick<Controlled, 'faults' | 'requests'>,
): Promise<void> {
  const gone = connectionGone(response);
  const body = await readBody(request, BODY_LIMIT);
  const call = readCall(request, body, { vault, store: parts.store, tenant: parts.settings.tenant });
  const delivery = await underFault({
    facts: call.facts,
    faults,
    requests,
    gone,
    work: async (effect) => await answerCall(call, effect, vault, parts),
  });
  deliverHttp(response, delivery);
}

/** Does what a request asks for, under an effect if there is one, and answers as the service does. */
async function answerCall(
  call: VaultCall,
  effect: ServiceEffect | undefined,
  { region }: Pick<Vault, 'region'>,
  parts: VaultServiceParts,
): Promise<HttpAnswer> {
  try {
    // First, because a service that is throttled or broken does not look at tokens.
    const refusal = effect && refusalOf(effect, call.facts);
    if (refusal instanceof VaultError) throw refusal;
    if ('refusal' in call) throw call.refusal;
    return answerOf(await runOperation(call.facts.operation, call.request, parts, refusal), region);
  } catch (error) {
    if (error instanceof VaultError) return errorAnswerOf(error, region);
    // A full disk under the state file, or a defect of ours: both must be seen, not hang a client.
    return errorAnswerOf(new VaultError(500, 'InternalServerError', `Simulator: ${(error as Error).message}`), region);
  }
}

/** Runs one operation and keeps what it changed. */
export async function runOperation(
  name: string,
  request: OperationRequest,
  { store, clock, state }: VaultServiceParts,
  effect?: SpoilingEffect,
): Promise<Output> {
  const run = OPERATIONS.get(name)?.run;
  if (run === undefined) throw notSimulated(name === '' ? 'What is asked for here' : `The operation ${name}`);
  const now = clock.now();
  store.passTime(now);
  const context = { store, now };
  const output = effect === undefined ? await run(request, context) : await runSpoiled({ name, run }, request, context, effect);
  if (store.changed) {
    store.changed = false;
    await state.save();
  }
  return output;
}
