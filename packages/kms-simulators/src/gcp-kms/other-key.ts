import { checksumOf } from './cryptography/crc32c.js';
import type { CryptoKey } from './keys/crypto-key.js';
import { makeMaterial, nextVersion } from './keys/make-version.js';
import { cryptoKeyName, parseName, requireCryptoKey, versionName, type CryptoKeyName } from './keys/resource-name.js';
import type { OperationContext } from './operations/operation.js';
import type { Message } from './protocol/service-definition.js';
import { randomOfSameLength } from './service-faults.js';

/**
 * Answers for another key than the one that was asked for, as a service does that mixes up its
 * answers. A decryption, whose answer names no key, is done as asked and answered with random bytes.
 */
export async function answerForOtherKey(
  run: (request: Message) => Promise<Message>,
  request: Message,
  context: OperationContext,
  otherKey: string | undefined,
): Promise<Message> {
  const { name } = request;
  const parts = typeof name === 'string' ? parseName(name) : undefined;
  if (parts?.cryptoKey === undefined || parts.keyRing === undefined) return await run(request);
  if (request['ciphertext'] instanceof Uint8Array) {
    const answer = await run(request);
    const plaintext = randomOfSameLength(answer['plaintext'] as Uint8Array);
    return { ...answer, plaintext, plaintextCrc32c: checksumOf(plaintext) };
  }
  const other = await findOther({ ...parts, keyRing: parts.keyRing, cryptoKey: parts.cryptoKey }, otherKey, context);
  const [first] = other.versions;
  const version = first?.version ?? '1';
  return await run({ ...request, name: parts.version === undefined ? cryptoKeyName(other) : versionName({ ...other, version }) });
}

async function findOther(asked: CryptoKeyName, otherKey: string | undefined, { store, now }: OperationContext): Promise<CryptoKey> {
  if (otherKey !== undefined) return store.key(requireCryptoKey(otherKey));
  const key = store.key(asked);
  const sameKind = store.keys().find((one) => one !== key && one.algorithm === key.algorithm && one.versions[0]?.state === 'ENABLED');
  if (sameKind !== undefined) return sameKind;
  const made: CryptoKey = { ...key, cryptoKey: `other-key-${store.keys().length}`, versions: [], rotation: undefined };
  const first = nextVersion(made, await makeMaterial(key.algorithm), now);
  made.versions.push(first);
  made.primary = key.primary === undefined ? undefined : first.version;
  store.addKey(made);
  return made;
}
