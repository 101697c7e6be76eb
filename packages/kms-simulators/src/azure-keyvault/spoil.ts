import { versionId } from './keys/key-id.js';
import { currentVersion, type Key, type KeyVersion } from './keys/key.js';
import { createKey } from './operations/create-key.js';
import type { Operation, OperationContext, OperationRequest, Output } from './operations/operation.js';
import { JsonBody } from './protocol/json-body.js';
import { keyNotFound } from './protocol/vault-error.js';
import { flipOneBit, randomOfSameLength, type SpoilingEffect } from './service-faults.js';

/** An operation with its name: what is spoilt, and how, depends on what it does. */
export interface NamedOperation {
  readonly name: string;
  readonly run: Operation;
}

const MAKES_PLAINTEXT: ReadonlySet<string> = new Set(['UnwrapKey', 'Decrypt']);
const TAKES_PLAINTEXT: ReadonlySet<string> = new Set(['WrapKey', 'Encrypt']);

/** Runs an operation and spoils what it answers, as a service would that is broken inside. */
export async function runSpoiled(
  { name, run }: NamedOperation,
  request: OperationRequest,
  context: OperationContext,
  effect: SpoilingEffect,
): Promise<Output> {
  switch (effect.kind) {
    case 'other-key':
      return await answerForOtherKey({ name, run }, request, context, effect.otherKey);
    case 'wrong-plaintext': {
      const sent = request.body.text('value');
      if (TAKES_PLAINTEXT.has(name) && sent !== undefined) {
        return await run({ ...request, body: request.body.with({ value: flipOneBit(sent) }) }, context);
      }
      const output = await run(request, context);
      return MAKES_PLAINTEXT.has(name) ? { ...output, value: flipOneBit(String(output?.['value'])) } : output;
    }
  }
}

/**
 * Answers for another key than the one that was asked for, as a service does that mixes up its
 * answers. A decryption is done as asked, then answered with random bytes under the other name.
 */
async function answerForOtherKey(
  { name, run }: NamedOperation,
  request: OperationRequest,
  context: OperationContext,
  otherKey: string | undefined,
): Promise<Output> {
  if (!MAKES_PLAINTEXT.has(name) && !TAKES_PLAINTEXT.has(name) && name !== 'GetKey') return await run(request, context);
  const { vault } = request;
  const answer = MAKES_PLAINTEXT.has(name) ? await run(request, context) : undefined;
  const other = await findOther(request, context, otherKey);
  const { version } = other;
  if (answer === undefined) return await run({ ...request, name: other.key.name, version: version.version }, context);
  return { ...answer, kid: versionId(vault, other.key, version), value: randomOfSameLength(String(answer['value'])) };
}

interface OtherKey {
  readonly key: Key;
  readonly version: KeyVersion;
}

async function findOther(request: OperationRequest, context: OperationContext, otherKey: string | undefined): Promise<OtherKey> {
  const { vault, name } = request;
  const { store } = context;
  if (otherKey !== undefined) return named(request, context, otherKey);
  const { key, version } = store.version(vault, name, request.version);
  const sameKind = [...vault.keys.values()].find((one) => {
    const { kty, size, enabled } = currentVersion(one);
    return one !== key && one.deleted === undefined && kty === version.kty && size === version.size && enabled;
  });
  if (sameKind !== undefined) return { key: sameKind, version: currentVersion(sameKind) };
  const made = `other-key-${vault.keys.size}`;
  const { kty, size } = version;
  await createKey({ ...request, name: made, version: '', body: new JsonBody({ kty, key_size: size }) }, context);
  return store.version(vault, made, '');
}

/** By its name, or an id with or without a version, in the vault that was asked. */
function named({ vault }: OperationRequest, { store }: OperationContext, text: string): OtherKey {
  const path = text.startsWith(`${vault.url}/keys/`) ? text.slice(`${vault.url}/keys/`.length) : text;
  const [name = '', version = ''] = path.split('/');
  if (name === '' || name.includes(':')) throw keyNotFound(text);
  return store.version(vault, name, version);
}
