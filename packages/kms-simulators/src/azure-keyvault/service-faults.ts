import { randomBytes } from 'node:crypto';
import type { EffectOf } from '../shared/faults/fault.js';
import type { ServiceEffect } from '../shared/faults/under-fault.js';
import type { RequestFacts } from '../shared/requests/request-facts.js';
import { OPERATIONS } from './operations/index.js';
import { forbidden, VaultError } from './protocol/vault-error.js';

/** Effects that spoil an answer rather than refuse the request. */
export type SpoilingEffect = EffectOf<'other-key' | 'wrong-plaintext'>;

/** Seconds that a throttled caller is asked to wait, unless the fault says otherwise. */
const RETRY_AFTER = 1;

/** The error that the service would answer with, or the effect itself if it spoils the answer. */
export function refusalOf(effect: ServiceEffect, facts: RequestFacts): VaultError | SpoilingEffect {
  switch (effect.kind) {
    case 'throttled':
      return new VaultError(
        429,
        'Throttled',
        'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
        { headers: { 'retry-after': `${effect.retryAfter ?? RETRY_AFTER}` } },
      );
    case 'internal-error':
      return new VaultError(500, 'InternalServerError', 'An internal error occurred. (Simulated.)');
    case 'dependency-timeout':
      return new VaultError(504, 'GatewayTimeout', 'A dependency timed out. (Simulated.)');
    case 'unavailable':
      return new VaultError(503, 'ServiceUnavailable', 'The service is not available now. (Simulated.)');
    case 'access-denied':
      return accessDenied(facts);
    case 'error':
      return new VaultError(effect.status ?? 400, effect.code, effect.message ?? 'Simulated.');
    case 'other-key':
    case 'wrong-plaintext':
      return effect;
    case 'wrong-crc':
    case 'unverified-crc':
      throw new TypeError('Azure Key Vault has no checksums; validateFault refuses this.');
  }
}

function accessDenied({ operation, account, vault = '', region }: RequestFacts): VaultError {
  const permission = OPERATIONS.get(operation)?.permission ?? operation;
  return forbidden(
    'ForbiddenByPolicy',
    `Operation is not allowed.\r\nOperation: "${permission}"\r\n` +
      `Caller: appid=simulator;oid=simulator;numgroups=0;iss=https://sts.windows.net/${account}/\r\nVault: ${vault};location=${region}`,
  );
}

/** The same base64url with the lowest bit of the first byte changed. */
export function flipOneBit(base64url: string): string {
  const bytes = Buffer.from(base64url, 'base64url');
  if (bytes.byteLength > 0) bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64url');
}

/** Base64url of as many bytes, none of them related. */
export function randomOfSameLength(base64url: string): string {
  return randomBytes(Buffer.from(base64url, 'base64url').byteLength).toString('base64url');
}
