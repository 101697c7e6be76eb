/** The fixed numbers of envelope format version 1 (docs/spec/envelope-v1.md). All sizes are in bytes. */

/** ASCII "KEYFOLD". */
export const MAGIC: readonly number[] = [0x4b, 0x45, 0x59, 0x46, 0x4f, 0x4c, 0x44];
export const FORMAT_VERSION = 1;
/** Magic, version and header length. */
export const PRELUDE_LENGTH = 12;
/** AES-256-GCM in segments, HKDF-SHA-512, HMAC-SHA-256. */
export const SUITE_1 = 0x0001;
export const MESSAGE_ID_LENGTH = 16;
export const DATA_KEY_LENGTH = 32;
/** HMAC-SHA-256 over everything before it in the header. */
export const MAC_LENGTH = 32;
/** The AES-GCM tag behind each segment. */
export const TAG_LENGTH = 16;

export const MIN_SEGMENT_LOG2 = 12;
export const MAX_SEGMENT_LOG2 = 24;
export const MAX_SEGMENTS: number = 2 ** 32;
export const MAX_PLAINTEXT_LENGTH: number = 2 ** 52;

/** Top-level wrapped keys, and the leaves of quorums with them. */
export const MAX_WRAPPED_KEYS = 32;
export const MAX_REVISION: number = 2 ** 32 - 1;
export const MAX_PADDING: number = 2 ** 16 - 1;

/** Context keys with this prefix belong to the format. */
export const RESERVED_CONTEXT_PREFIX = 'keyfold:';
