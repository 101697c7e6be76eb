import CRC32C from 'crc-32/crc32c.js';
import { NotVerified } from './not-verified.js';

/** A `google.protobuf.Int64Value`. Over gRPC its value arrives as text, over REST as a number or a `Long`. */
export interface Checksum {
  readonly value?: number | string | { toString(): string } | null;
}

/** CRC32C (RFC 3720, section 12.1) as requests hold it: 0 to 2^32 - 1. */
export function checksumOf(bytes: Uint8Array): { value: number } {
  return { value: CRC32C.buf(bytes) >>> 0 };
}

/** The bytes of an answer, if they are the ones that the service sent. Throws `NotVerified`. */
export function verified(bytes: unknown, checksum: Checksum | null | undefined, what: string): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new NotVerified(`without ${what}`);
  if (String(checksum?.value ?? 'none') !== String(checksumOf(bytes).value)) throw new NotVerified(`with ${what} that its checksum does not fit`);
  return bytes;
}

/** Whether the service says that it got what was sent. Throws `NotVerified` if not. */
export function assertArrived(flag: boolean | null | undefined, what: string): void {
  if (flag !== true) throw new NotVerified(`without having verified ${what}`);
}
