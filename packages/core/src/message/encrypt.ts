import { engine } from '../engine/engine.js';
import { MESSAGE_ID_LENGTH } from '../format/constants.js';
import { layoutOfPlaintext } from '../format/payload-layout.js';
import { assertBytes, resolveEncryptOptions } from './options.js';
import type { EncryptOptions } from './options.js';
import { sealAll } from './seal-all.js';
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
  const { header, payload } = await seal(plaintext, options, 'attached');
  return new Uint8Array(header.buffer, 0, header.length + payload.length);
}

/**
 * As `encrypt`, with the header apart from the payload. Both begin with what identifies the message, so that a header is
 * never opened with another message's payload.
 *
 * @throws as `encrypt`
 */
export async function encryptDetached(plaintext: Uint8Array, options: EncryptOptions): Promise<DetachedEnvelope> {
  return await seal(plaintext, options, 'detached');
}

/** Starts a message and seals its payload: right behind the header in one buffer, or in a buffer of its own. */
async function seal(
  plaintext: Uint8Array,
  options: EncryptOptions,
  form: 'attached' | 'detached',
): Promise<DetachedEnvelope> {
  assertBytes(plaintext, 'plaintext');
  const resolved = resolveEncryptOptions(options);
  const { payloadLength } = layoutOfPlaintext(plaintext.length, 2 ** resolved.segmentLog2);
  const message = await startMessage(resolved, form === 'attached' ? payloadLength : 0);
  try {
    const { header } = message;
    const payload =
      form === 'attached' ? new Uint8Array(header.buffer, header.length) : engine.allocate(payloadLength);
    payload.set(message.messageId);
    const gcm = await engine.aesGcm(message.payloadKey);
    await sealAll(gcm, plaintext, message.segmentSize, payload, MESSAGE_ID_LENGTH, resolved.signal);
    return { header, payload };
  } finally {
    message.payloadKey.fill(0);
  }
}
