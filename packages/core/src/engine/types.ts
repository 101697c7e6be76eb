/** What an engine may return at once (node:crypto) or later (WebCrypto). */
export type Awaitable<T> = T | Promise<T>;

/** AES-256-GCM under one key (NIST SP 800-38D) with 12-byte nonces, no AAD and 16-byte tags. */
export interface AesGcm {
  /** Ciphertext and tag, as byte strings to be written one after the other. */
  seal(nonce: Uint8Array<ArrayBuffer>, plaintext: Uint8Array): Awaitable<readonly Uint8Array<ArrayBuffer>[]>;
  /** The plaintext, or `undefined` when the tag does not verify: then nothing of it is left behind. */
  open(nonce: Uint8Array<ArrayBuffer>, sealed: Uint8Array): Awaitable<Uint8Array<ArrayBuffer> | undefined>;
}

/** HKDF-SHA-512 for one key material and one salt. */
export interface HkdfSha512 {
  /**
   * HKDF-Expand (RFC 5869, section 2.3): `length` bytes, at most 16,320. `info` is at most 1,024 bytes: platforms refuse
   * more.
   */
  expand(info: Uint8Array, length: number): Awaitable<Uint8Array<ArrayBuffer>>;
  /** Wipes what it keeps; it cannot be used afterwards. */
  wipe(): void;
}

/**
 * The primitives that everything else is made of. There are two: `node.ts` on OpenSSL through node:crypto, and `web.ts`
 * on WebCrypto; `#engine` is the one that the package's `imports` map picks. Callers wipe what they pass and get.
 */
export interface Engine {
  readonly engineName: 'node' | 'web';
  /** Bytes from the platform's CSPRNG. */
  randomBytes(length: number): Uint8Array<ArrayBuffer>;
  /**
   * A buffer of its own that may hold anything: whoever asks for it writes every byte before anybody else sees one. Output
   * that is filled anyway need not be zeroed first, which takes a sixth of the time of sealing it.
   */
  allocate(length: number): Uint8Array<ArrayBuffer>;
  /** SHA-256 (FIPS 180-4): 32 bytes. */
  sha256(data: Uint8Array): Awaitable<Uint8Array<ArrayBuffer>>;
  /** HMAC-SHA-256 (RFC 2104, FIPS 198-1): 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Awaitable<Uint8Array<ArrayBuffer>>;
  /** HKDF-Extract with SHA-512 (RFC 5869, section 2.2): what is left to do is to expand it, as often as wanted. */
  hkdfSha512(keyMaterial: Uint8Array, salt: Uint8Array): Awaitable<HkdfSha512>;
  /** AES-256-GCM under a key of 32 bytes, which must stay as it is while the result is in use. */
  aesGcm(key: Uint8Array): Awaitable<AesGcm>;
  /** Whether two byte strings of one length are equal, in time that depends on the length alone. */
  equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean;
}
