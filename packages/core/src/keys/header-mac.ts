import { engine } from '../engine/engine.js';
import { MAC_LENGTH } from '../format/constants.js';
import type { Header } from '../format/header.js';

/**
 * Writes HMAC-SHA-256 over prelude, identity and wrapping into the last 32 bytes of an encoded header (specification,
 * "Header MAC"). This is what commits an envelope to its one data key.
 */
export async function writeHeaderMac(headerKey: Uint8Array, header: Uint8Array): Promise<void> {
  const end = header.length - MAC_LENGTH;
  header.set(await engine.hmacSha256(headerKey, header.subarray(0, end)), end);
}

/** Whether the header's MAC is the one that this key gives. Constant time. */
export async function verifyHeaderMac(headerKey: Uint8Array, header: Header): Promise<boolean> {
  return engine.equalInConstantTime(await engine.hmacSha256(headerKey, header.authenticated), header.mac);
}
