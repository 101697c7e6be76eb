import { aesGcm } from '#engine';
import { MESSAGE_ID_LENGTH } from '../format/constants.js';
import { layoutOfPlaintext } from '../format/payload-layout.js';
import { assertBytes, resolveEncryptOptions } from './options.js';
import type { EncryptOptions } from './options.js';
import { sealAll } from './seal-segments.js';
import { startMessage } from './start-message.js';

/** An envelope whose header and payload live apart, e.g. in a database row and in an object store. */
export interface DetachedEnvelope {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly payload: Uint8Array<ArrayBuffer>;
}

/**
 * Encrypts bytes under a fresh data key and returns the envelope: its header, with the wrapped data key, and the payload
 * behind it. The envelope is about 200 bytes longer than the plaintext with a local key, and about 420 with a cloud key.
 *
 * @param plaintext - any length up to what fits into memory; use `encryptStream` or `encryptFile` for more
 * @throws `invalid-argument`, `limit-exceeded`, `wrap-failed`, `keyring-contract`, `aborted`
 * @example
 * ```ts
 * import { encrypt, decrypt } from '@keyfold/core';
 * import { rawAesKeyring } from '@keyfold/local-raw';
 *
 * const keyring = rawAesKeyring({ name: 'app-2026', key: crypto.getRandomValues(new Uint8Array(32)) });
 * const plaintext = new TextEncoder().encode('hello');
 * const envelope = await encrypt(plaintext, { keyring, context: { tenant: 'acme' } });
 * const opened = await decrypt(envelope, { keyring, context: { tenant: 'acme' } });
 * ```
 */
export async function encrypt(plaintext: Uint8Array, options: EncryptOptions): Promise<Uint8Array<ArrayBuffer>> {
  return seal(plaintext, options, (header, payloadLength) => {
    const envelope = new Uint8Array(header.length + payloadLength);
    envelope.set(header);
    return { payload: envelope.subarray(header.length), result: envelope };
  });
}

/**
 * As `encrypt`, with the header apart from the payload. Both begin with what identifies the message, so that a header is
 * never opened with another message's payload.
 *
 * @throws as `encrypt`
 */
export async function encryptDetached(plaintext: Uint8Array, options: EncryptOptions): Promise<DetachedEnvelope> {
  return seal(plaintext, options, (header, payloadLength) => {
    const payload = new Uint8Array(payloadLength);
    return { payload, result: { header, payload } };
  });
}

/** Starts a message, lets `allocate` make room for its payload, and fills it. */
async function seal<T>(
  plaintext: Uint8Array,
  options: EncryptOptions,
  allocate: (header: Uint8Array<ArrayBuffer>, payloadLength: number) => { payload: Uint8Array; result: T },
): Promise<T> {
  assertBytes(plaintext, 'plaintext');
  const resolved = resolveEncryptOptions(options);
  const { payloadLength } = layoutOfPlaintext(plaintext.length, 2 ** resolved.segmentLog2);
  const message = await startMessage(resolved);
  try {
    const { payload, result } = allocate(message.header, payloadLength);
    payload.set(message.messageId);
    const gcm = await aesGcm(message.payloadKey);
    await sealAll(gcm, plaintext, message.segmentSize, payload, MESSAGE_ID_LENGTH, resolved.signal);
    return result;
  } finally {
    message.payloadKey.fill(0);
  }
}
