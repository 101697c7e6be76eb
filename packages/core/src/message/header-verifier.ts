import { engine } from '../engine/engine.js';
import { isDataKey } from '../keyring/data-key.js';
import type { Header } from '../format/header.js';
import { verifyHeaderMac } from '../keys/header-mac.js';
import { deriveMessageKeys } from '../keys/message-keys.js';

/**
 * Decides which key material is the data key of a header: the one under which its MAC verifies. Keeps the payload key
 * of the first that does. Several may ask at once.
 */
export class HeaderVerifier {
  readonly #header: Header;
  readonly #contextDigest: Uint8Array;
  #payloadKey: Uint8Array | undefined;
  /** A copy of the key material that was accepted first. */
  #accepted: Uint8Array | undefined;
  #closed = false;

  constructor(header: Header, contextDigest: Uint8Array) {
    this.#header = header;
    this.#contextDigest = contextDigest;
  }

  /** Whether the key material is the data key. */
  async accepts(keyMaterial: Uint8Array): Promise<boolean> {
    if (!isDataKey(keyMaterial)) return false;
    const { payloadKey, headerKey } = await deriveMessageKeys(keyMaterial, this.#header.identity, this.#contextDigest);
    let kept = false;
    try {
      const accepted = await verifyHeaderMac(headerKey, this.#header);
      if (accepted && !this.#closed && this.#payloadKey === undefined) {
        this.#payloadKey = payloadKey;
        this.#accepted = new Uint8Array(keyMaterial);
        kept = true;
      }
      return accepted;
    } finally {
      headerKey.fill(0);
      if (!kept) payloadKey.fill(0);
    }
  }

  /** Whether this is the key material that was accepted. */
  isAccepted(keyMaterial: Uint8Array): boolean {
    return isDataKey(keyMaterial) && this.#accepted !== undefined && engine.equalInConstantTime(this.#accepted, keyMaterial);
  }

  /** The payload key, 32 bytes, which becomes the caller's to wipe. */
  takePayloadKey(): Uint8Array {
    const key = this.#payloadKey;
    if (key === undefined) throw new Error('No key material was accepted.');
    this.#payloadKey = undefined;
    return key;
  }

  /** Wipes what was not taken, now or when a late answer is accepted. */
  close(): void {
    this.#closed = true;
    this.#payloadKey?.fill(0);
    this.#accepted?.fill(0);
  }
}
