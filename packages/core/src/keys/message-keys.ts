import { engine } from '../engine/engine.js';
import type { Identity } from '../format/identity.js';

const LABEL = new TextEncoder().encode('keyfold/v1');
const KEY_LENGTH = 32;

/** The two keys of a message (specification, "Keys"). Whoever derived them wipes them. */
export interface MessageKeys {
  /** 32 bytes: AES-256-GCM of the segments. */
  readonly payloadKey: Uint8Array;
  /** 32 bytes: HMAC-SHA-256 of the header. */
  readonly headerKey: Uint8Array;
}

/**
 * HKDF-SHA-512 (RFC 5869) of the data key, salted with the message id. Suite, segment size, flags and the whole context
 * go into `info`, so that no other message and no other reading of this one has these keys.
 */
export async function deriveMessageKeys(
  dataKey: Uint8Array,
  identity: Identity,
  contextDigest: Uint8Array,
): Promise<MessageKeys> {
  const info = new Uint8Array(LABEL.length + 4 + contextDigest.length);
  info.set(LABEL);
  info.set([identity.suite >>> 8, identity.suite & 0xff, identity.segmentLog2, identity.flags], LABEL.length);
  info.set(contextDigest, LABEL.length + 4);
  const hkdf = await engine.hkdfSha512(dataKey, identity.messageId);
  try {
    const output = await hkdf.expand(info, 2 * KEY_LENGTH);
    return { payloadKey: output.subarray(0, KEY_LENGTH), headerKey: output.subarray(KEY_LENGTH) };
  } finally {
    hkdf.wipe();
  }
}
