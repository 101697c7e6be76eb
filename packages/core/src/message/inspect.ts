import { invalidArgument } from '../errors/throw.js';
import { MESSAGE_ID_LENGTH } from '../format/constants.js';
import type { ContextEntry } from '../format/context-entries.js';
import { parseHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { resolveLimits } from '../format/limits.js';
import type { Limits } from '../format/limits.js';
import { layoutOfPayload } from '../format/payload-layout.js';
import { parseQuorum, QUORUM_PROVIDER } from '../format/quorum.js';
import { isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { assertSameMessage, toHex } from './message-id.js';
import { assertBytes } from './options.js';

/** What a header says of one wrapped key. Sizes are in bytes. */
export interface WrappedKeyInfo {
  readonly provider: string;
  readonly keyId: string;
  readonly keyVersion: string;
  readonly algorithm: string;
  readonly ciphertextLength: number;
  /** The KEK could not be reached when the header was written: this one opens nothing until it is repaired. */
  readonly pending: boolean;
  /** For a quorum: how many of which shares open it. */
  readonly quorum?: {
    readonly threshold: number;
    readonly shares: readonly { readonly index: number; readonly wrappedKeys: readonly WrappedKeyInfo[] }[];
  };
}

/** Everything that a header says. Nothing of it is authenticated until the envelope was opened. Sizes are in bytes. */
export interface EnvelopeInfo {
  readonly formatVersion: number;
  readonly suite: number;
  /** 32 hexadecimal digits. */
  readonly messageId: string;
  readonly segmentSize: number;
  readonly context: readonly ContextEntry[];
  /** How often the wrapped keys were replaced. */
  readonly revision: number;
  readonly wrappedKeys: readonly WrappedKeyInfo[];
  readonly headerLength: number;
  readonly headerPadding: number;
  /** Of the payload, where it was given: what its length claims. Only opening proves it. */
  readonly payload?: {
    readonly length: number;
    readonly segments: number;
    readonly plaintextLength: number;
  };
}

/**
 * Reads what a header says, without any key and without any call to a KMS. Takes a whole envelope or a detached header;
 * of an envelope's payload, only the length and the message id are looked at.
 *
 * @param options.payloadLength - the length in bytes of the payload when `bytes` holds only the envelope's beginning
 * @throws `invalid-argument`, `malformed`, `truncated`, `unsupported`, `limit-exceeded`, `payload-mismatch`
 * @example
 * ```ts
 * const pending = inspect(envelope).wrappedKeys.filter((key) => key.pending);
 * ```
 */
export function inspect(
  bytes: Uint8Array,
  options: { readonly payloadLength?: number; readonly limits?: Partial<Limits> } = {},
): EnvelopeInfo {
  assertBytes(bytes, 'bytes');
  const header = parseHeader(bytes, resolveLimits(options.limits, 'options.limits'));
  const payload = bytes.subarray(header.length);
  const payloadLength = assertLength(options.payloadLength ?? payload.length);
  if (payloadLength === 0) return describeHeader(header);
  if (options.payloadLength === undefined || payload.length >= MESSAGE_ID_LENGTH) assertSameMessage(header, payload);
  const layout = layoutOfPayload(payloadLength, 2 ** header.identity.segmentLog2);
  return {
    ...describeHeader(header),
    payload: { length: payloadLength, segments: layout.segmentCount, plaintextLength: layout.plaintextLength },
  };
}

/** Everything that a parsed header says. */
export function describeHeader(header: Header): EnvelopeInfo {
  return {
    formatVersion: 1,
    suite: header.identity.suite,
    messageId: toHex(header.identity.messageId),
    segmentSize: 2 ** header.identity.segmentLog2,
    context: header.identity.context,
    revision: header.wrapping.revision,
    wrappedKeys: header.wrapping.wrappedKeys.map(describeWrappedKey),
    headerLength: header.length,
    headerPadding: header.wrapping.paddingLength,
  };
}

/** What a header says of one wrapped key. */
export function describeWrappedKey(key: WrappedKey): WrappedKeyInfo {
  const { ciphertext, ...fields } = key;
  const info = { ...fields, ciphertextLength: ciphertext.length, pending: isPending(key) };
  if (key.provider !== QUORUM_PROVIDER || info.pending) return info;
  const { threshold, shares } = parseQuorum(key, 0);
  return {
    ...info,
    quorum: {
      threshold,
      shares: shares.map(({ index, wrappedKeys }) => ({ index, wrappedKeys: wrappedKeys.map(describeWrappedKey) })),
    },
  };
}

function assertLength(length: number): number {
  if (Number.isSafeInteger(length) && length >= 0) return length;
  throw invalidArgument('options.payloadLength', 'pass the length in bytes, as an integer from 0 on.');
}
