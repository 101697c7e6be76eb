import CRC32C from 'crc-32/crc32c.js';
import { invalidArgument } from '../protocol/service-error.js';

/** A `google.protobuf.Int64Value`; `null` where there is none. */
export type Int64Value = { readonly value: string } | null;

/** CRC32C (RFC 3720, section 12.1, the polynomial of Castagnoli) from 0 to 2^32 - 1. */
export function crc32c(bytes: Uint8Array): number {
  return CRC32C.buf(bytes) >>> 0;
}

/** As answers hold it. */
export function checksumOf(bytes: Uint8Array): { readonly value: number } {
  return { value: crc32c(bytes) };
}

/**
 * Checks what the caller says the checksum of a field is.
 *
 * @returns whether the caller said so at all
 * @throws ServiceError `INVALID_ARGUMENT` if the field is not what was sent.
 */
export function verifyChecksum(field: string, bytes: Uint8Array, claimed: Int64Value): boolean {
  if (claimed === null) return false;
  if (claimed.value === `${crc32c(bytes)}`) return true;
  throw invalidArgument(`The checksum in field ${field}_crc32c did not match the data in field ${field}.`);
}
