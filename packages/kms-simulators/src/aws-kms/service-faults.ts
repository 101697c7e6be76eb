import { randomBytes } from 'node:crypto';
import type { EffectOf } from '../shared/faults/fault.js';
import type { ServiceEffect } from '../shared/faults/under-fault.js';
import type { RequestFacts } from '../shared/requests/request-facts.js';
import type { Caller } from './protocol/credential-scope.js';
import { accessDenied, KmsError } from './protocol/kms-error.js';

/** Effects that spoil an answer rather than refuse the request. */
export type SpoilingEffect = EffectOf<'other-key' | 'wrong-plaintext'>;

/** The error that AWS KMS would answer with, or the effect itself if it spoils the answer. */
export function refusalOf(effect: ServiceEffect, facts: RequestFacts, caller: Caller): KmsError | SpoilingEffect {
  switch (effect.kind) {
    case 'throttled':
      return new KmsError(
        'ThrottlingException',
        'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      );
    case 'internal-error':
      return new KmsError('KMSInternalException', 'An internal error occurred. (Simulated.)', 500);
    case 'dependency-timeout':
      return new KmsError('DependencyTimeoutException', 'A dependency timed out. (Simulated.)', 500);
    case 'unavailable':
      return new KmsError('KeyUnavailableException', 'The key is not available now. (Simulated.)', 500);
    case 'access-denied':
      return accessDenied(
        caller,
        facts.operation,
        facts.keys[0]?.name ?? '*',
        `no identity-based policy allows the kms:${facts.operation} action`,
      );
    case 'error':
      return new KmsError(effect.code, effect.message ?? 'Simulated.', effect.status ?? 400);
    case 'other-key':
    case 'wrong-plaintext':
      return effect;
    case 'wrong-crc':
    case 'unverified-crc':
      throw new TypeError('AWS KMS has no checksums; validateFault refuses this.');
  }
}

/** The same base64 with the lowest bit of the first byte changed. */
export function flipOneBit(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64');
}

/** Base64 of as many bytes, none of them related. */
export function randomOfSameLength(base64: string): string {
  return randomBytes(Buffer.from(base64, 'base64').byteLength).toString('base64');
}
