import type { CryptoKey, KeyRing, KeyVersion } from '../keys/crypto-key.js';
import { cryptoKeyName, keyRingName, versionName } from '../keys/resource-name.js';
import type { Message } from '../protocol/service-definition.js';

/** A key ring as answers show it. */
export function keyRingView(ring: KeyRing): Message {
  return { name: keyRingName(ring), createTime: timestamp(ring.createdAt) };
}

/** A key as answers show it, with its primary version in whatever state. */
export function cryptoKeyView(key: CryptoKey): Message {
  const { purpose, protectionLevel, algorithm, createdAt, labels, rotation, destroyScheduledMs } = key;
  const primary = key.versions.find(({ version }) => version === key.primary);
  return {
    name: cryptoKeyName(key),
    purpose,
    createTime: timestamp(createdAt),
    versionTemplate: { protectionLevel, algorithm },
    labels,
    destroyScheduledDuration: duration(destroyScheduledMs),
    ...(primary === undefined ? {} : { primary: versionView(key, primary) }),
    ...(rotation === undefined ? {} : { nextRotationTime: timestamp(rotation.nextAt) }),
    ...(rotation?.periodMs === undefined ? {} : { rotationPeriod: duration(rotation.periodMs) }),
  };
}

export function versionView(key: CryptoKey, version: KeyVersion): Message {
  const { state, algorithm, createdAt, destroyAt } = version;
  const time = destroyAt === undefined ? undefined : timestamp(destroyAt);
  return {
    name: versionName({ ...key, ...version }),
    state,
    algorithm,
    protectionLevel: key.protectionLevel,
    createTime: timestamp(createdAt),
    generateTime: timestamp(createdAt),
    ...(state === 'DESTROY_SCHEDULED' ? { destroyTime: time } : {}),
    ...(state === 'DESTROYED' ? { destroyEventTime: time } : {}),
  };
}

function timestamp(milliseconds: number): Message {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1_000_000) };
}

function duration(milliseconds: number): Message {
  return { seconds: Math.floor(milliseconds / 1000), nanos: 0 };
}
