import { engine } from '../engine/engine.js';
import { encodeWithinLimits, sortPairs } from '../context/context-input.js';
import { digestContext } from '../context/encryption-context.js';
import { isKeyfoldError } from '../errors/keyfold-error.js';
import { MESSAGE_ID_LENGTH, SUITE_1 } from '../format/constants.js';
import type { ContextEntry } from '../format/context-entries.js';
import { encodeHeader } from '../format/header.js';
import type { Identity } from '../format/identity.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { keyringContract } from '../keyring/data-key.js';
import { writeHeaderMac } from '../keys/header-mac.js';
import { deriveMessageKeys } from '../keys/message-keys.js';
import { makeDataKey } from './make-data-key.js';
import type { ResolvedEncryptOptions } from './options.js';

/**
 * A message whose header is complete and whose payload has not begun. It serves one pass over one plaintext: nothing
 * takes a `messageId` from outside, and a retry starts another message.
 */
export interface StartedMessage {
  readonly header: Uint8Array<ArrayBuffer>;
  /** 16 bytes. */
  readonly messageId: Uint8Array<ArrayBuffer>;
  readonly segmentSize: number;
  /** 32 bytes. Whoever started the message wipes it. */
  readonly payloadKey: Uint8Array;
}

/**
 * Makes a data key and everything of the envelope that comes before the segments.
 *
 * @param room - bytes behind the header in its `ArrayBuffer` that may hold anything, for a payload
 * Throws `limit-exceeded`, `wrap-failed`, `keyring-contract`, `aborted`.
 */
export async function startMessage(options: ResolvedEncryptOptions, room = 0): Promise<StartedMessage> {
  const pairs = sortPairs(
    options.external.size === 0 ? options.embedded : new Map([...options.embedded, ...options.external]),
  );
  const context = await digestContext(pairs, encodeWithinLimits(pairs, options.limits));
  const messageId = engine.randomBytes(MESSAGE_ID_LENGTH);
  const identity: Identity = {
    suite: SUITE_1,
    segmentLog2: options.segmentLog2,
    flags: 0,
    messageId,
    context: [...pairs].map(([key, value]) => entryOf(key, value, options.external.has(key))),
  };
  const { dataKey, wrappedKeys } = await makeDataKey(options.keyring, context, options.signal);
  try {
    const header = encodeWrappedKeys(identity, wrappedKeys, options, room);
    const { payloadKey, headerKey } = await deriveMessageKeys(dataKey, identity, context.digest);
    try {
      await writeHeaderMac(headerKey, header);
    } finally {
      headerKey.fill(0);
    }
    return { header, messageId, segmentSize: 2 ** identity.segmentLog2, payloadKey };
  } finally {
    dataKey.fill(0);
  }
}

function entryOf(key: string, value: string, external: boolean): ContextEntry {
  return external ? { key, kind: 'external', value: '' } : { key, kind: 'embedded', value };
}

/** The header with the keyring's wrapped keys; what a reader would not accept is refused. */
function encodeWrappedKeys(
  identity: Identity,
  wrappedKeys: readonly WrappedKey[],
  options: ResolvedEncryptOptions,
  room: number,
): Uint8Array<ArrayBuffer> {
  const wrapping = { revision: 0, wrappedKeys, paddingLength: options.headerPadding };
  try {
    return encodeHeader(identity, wrapping, options.limits, room);
  } catch (cause) {
    if (isKeyfoldError(cause, 'limit-exceeded') && cause.details.limit === 'headerBytes') throw cause;
    throw keyringContract(options.keyring, 'returned wrapped keys that no envelope can hold; the cause has the rule', cause);
  }
}
