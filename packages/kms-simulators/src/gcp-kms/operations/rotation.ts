import type { KeyPurpose } from '../keys/algorithms.js';
import { DAY, type CryptoKey } from '../keys/crypto-key.js';
import { invalidArgument } from '../protocol/service-error.js';

/** `google.protobuf.Duration` or `Timestamp`. */
export type Duration = { readonly seconds: string; readonly nanos: number } | null;

/** When a key rotates by itself. */
export interface RotationFields {
  readonly rotationPeriod?: Duration;
  readonly nextRotationTime: Duration;
}

export function milliseconds(duration: Duration | undefined): number | undefined {
  if (duration === null || duration === undefined) return undefined;
  return Number(duration.seconds) * 1000 + Math.floor(duration.nanos / 1_000_000);
}

/** @throws ServiceError `INVALID_ARGUMENT` */
export function readRotation({ rotationPeriod, nextRotationTime }: RotationFields, purpose: KeyPurpose): CryptoKey['rotation'] {
  const periodMs = milliseconds(rotationPeriod);
  const nextAt = milliseconds(nextRotationTime);
  if (periodMs === undefined && nextAt === undefined) return undefined;
  if (purpose !== 'ENCRYPT_DECRYPT') throw invalidArgument('Only keys of purpose ENCRYPT_DECRYPT rotate by themselves.');
  if (nextAt === undefined) throw invalidArgument('next_rotation_time must be set together with rotation_period.');
  if (periodMs !== undefined && periodMs < DAY) throw invalidArgument('rotation_period must be at least 24 hours.');
  return { periodMs, nextAt };
}
