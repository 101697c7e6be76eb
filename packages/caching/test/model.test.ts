/** Random work by several callers at once, against what a cache may do and no more. */
import { decrypt, encrypt } from '@keyfold/core';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cachingKeyring } from '../src/index.js';
import { counting } from './support/counting.js';

const ALGORITHM = 'HKDF-SHA512-AES-256-GCM';
const TENANTS = ['a', 'b', 'c'];
const plaintext = new TextEncoder().encode('the only copy');

type Step =
  | { readonly kind: 'write' | 'read'; readonly tenant: string; readonly times: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'clear' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('write' as const, 'read' as const), tenant: fc.constantFrom(...TENANTS), times: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 80 }) }),
  fc.record({ kind: fc.constant('clear' as const) }),
);
const settings = fc.record({ maxMessages: fc.integer({ min: 1, max: 5 }), maxAge: fc.integer({ min: 1, max: 100 }), maxKeys: fc.integer({ min: 1, max: 3 }) });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  // A clock at 0 has no ages.
  vi.advanceTimersByTime(1);
});
afterEach(() => {
  vi.useRealTimers();
});

/** The wrapped data key, which tells data keys apart. */
function wrappedKeyOf(envelope: Uint8Array): string {
  const at = Buffer.from(envelope).indexOf(ALGORITHM) + ALGORITHM.length + 2;
  return Buffer.from(envelope.subarray(at, at + 64)).toString('hex');
}

it('no data key serves more messages, longer, or another context than it may, and everything opens', async () => {
  await fc.assert(
    fc.asyncProperty(settings, fc.array(step, { minLength: 1, maxLength: 25 }), async (given, steps) => {
      const inner = counting();
      const keyring = cachingKeyring({ keyring: inner.keyring, ...given });
      const written: { readonly envelope: Uint8Array; readonly tenant: string }[] = [];
      const uses = new Map<string, { count: number; readonly since: number; readonly tenant: string; readonly era: number }>();
      let era = 0;
      for (const one of steps) {
        if (one.kind === 'wait') vi.advanceTimersByTime(one.ms);
        if (one.kind === 'clear') {
          keyring.clear();
          era++;
        }
        if (one.kind === 'write') {
          const { tenant, times } = one;
          const write = async (): Promise<Uint8Array> => await encrypt(plaintext, { keyring, context: { tenant } });
          for (const envelope of await Promise.all(Array.from({ length: times }, write))) {
            written.push({ envelope, tenant });
            const key = wrappedKeyOf(envelope);
            const use = uses.get(key) ?? { count: 0, since: performance.now(), tenant, era };
            use.count++;
            uses.set(key, use);
            expect(use.count).toBeLessThanOrEqual(given.maxMessages);
            expect(performance.now() - use.since).toBeLessThanOrEqual(given.maxAge);
            expect([use.tenant, use.era]).toEqual([tenant, era]);
          }
        }
        if (one.kind === 'read') {
          const mine = written.filter(({ tenant }) => tenant === one.tenant).slice(-one.times);
          const read = async ({ envelope, tenant }: (typeof mine)[number]): Promise<void> => {
            expect(await decrypt(envelope, { keyring, context: { tenant } })).toEqual(plaintext);
          };
          await Promise.all(mine.map(read));
        }
      }
      for (const { envelope, tenant } of written) {
        expect(await decrypt(envelope, { keyring: inner.keyring, context: { tenant } })).toEqual(plaintext);
      }
    }),
    { numRuns: process.env['KEYFOLD_CI'] === '1' ? 1_000 : 100 },
  );
});
