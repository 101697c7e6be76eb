import { LRUCache } from 'lru-cache';
import type { KeptKey } from './kept-key.js';
import type { Settings } from './settings.js';

/** What leaves it by age, for want of room, by replacement or by `clear` is wiped at that moment. */
export type KeyCache<T extends KeptKey> = LRUCache<string, T>;

/** Data keys, so many at most and each so long at most. No timer of it keeps a process alive. */
export function keyCache<T extends KeptKey>({ maxKeys, maxAge }: Settings): KeyCache<T> {
  return new LRUCache<string, T>({
    max: maxKeys,
    ttl: maxAge,
    ttlAutopurge: true,
    // Looked at each time: by default what time it was is remembered for a millisecond.
    perf: { now: () => performance.now() },
    ttlResolution: 0,
    dispose: (key) => {
      key.wipe();
    },
  });
}
