import { randomBytes } from 'node:crypto';
import type { EffectOf } from '../shared/faults/fault.js';
import type { ServiceEffect } from '../shared/faults/under-fault.js';
import type { RequestFacts } from '../shared/requests/request-facts.js';
import { OPERATIONS } from './operations/index.js';
import { permissionDenied, ServiceError, statusNamed } from './protocol/service-error.js';

/** Effects that spoil an answer rather than refuse the request. */
export type SpoilingEffect = EffectOf<'other-key' | 'wrong-plaintext' | 'wrong-crc' | 'unverified-crc'>;

/** The error that Google Cloud KMS would answer with, or the effect itself if it spoils the answer. */
export function refusalOf(effect: ServiceEffect, { operation, keyId, account }: RequestFacts): ServiceError | SpoilingEffect {
  switch (effect.kind) {
    case 'throttled':
      return new ServiceError(
        'RESOURCE_EXHAUSTED',
        "Quota exceeded for quota metric 'Cryptographic requests' and limit 'Cryptographic requests per minute' of service " +
          `'cloudkms.googleapis.com' for consumer 'projects/${account}'.`,
      );
    case 'internal-error':
      return new ServiceError('INTERNAL', 'Internal error encountered. (Simulated.)');
    case 'dependency-timeout':
      return new ServiceError('DEADLINE_EXCEEDED', 'Deadline expired before operation could complete. (Simulated.)');
    case 'unavailable':
      return new ServiceError('UNAVAILABLE', 'The service is currently unavailable. (Simulated.)');
    case 'access-denied':
      return permissionDenied(OPERATIONS.get(operation)?.permission ?? 'cloudkms.unknown', keyId ?? '');
    case 'error':
      return new ServiceError(statusNamed(effect.code), effect.message ?? 'Simulated.');
    case 'other-key':
    case 'wrong-plaintext':
    case 'wrong-crc':
    case 'unverified-crc':
      return effect;
  }
}

/** The same bytes with the lowest bit of the first one changed. */
export function flipOneBit(bytes: Uint8Array): Uint8Array {
  const flipped = Buffer.from(bytes);
  if (flipped.byteLength > 0) flipped.writeUInt8(flipped.readUInt8(0) ^ 1, 0);
  return flipped;
}

/** As many bytes, none of them related. */
export function randomOfSameLength(bytes: Uint8Array): Uint8Array {
  return randomBytes(bytes.byteLength);
}
