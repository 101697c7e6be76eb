import { decryptDetached, encryptDetached, inspect, isKeyfoldError, multiKeyring, rewrap } from '@keyfold/core';
import type { ErrorCode, Keyring, RewrapOptions, WritePolicy } from '@keyfold/core';
import { expect } from 'vitest';
import { burglar, memoryKeyring, MemoryKek } from './memory-kms.js';

/** What a header holds by KEK: the version that wrapped the data key, or that it is pending. */
export type Wrapped = ReadonlyMap<MemoryKek, number | 'pending'>;

/** A stored envelope, and what its header must hold. */
export interface Stored {
  readonly payload: Uint8Array;
  readonly plaintext: Uint8Array;
  header: Uint8Array;
  wrapped: Wrapped;
}

export interface Policy {
  readonly name: string;
  readonly write?: WritePolicy;
}

export const POLICIES: readonly Policy[] = [
  { name: 'strict' },
  { name: 'any one', write: { minimum: 1 } },
  { name: 'any two', write: { minimum: 2 } },
  { name: 'two providers', write: { minimum: 2, distinctDomains: ['provider'] } },
];

const context = { tenant: 'acme' };

/** Key services, and a store of envelopes. */
export class World {
  readonly keks: readonly MemoryKek[] = [0, 1, 2, 3].map((i) => new MemoryKek(`memory-${'ab'[i % 2] ?? ''}`, `kek-${i}`));
  readonly stored: Stored[] = [];
  readonly #keyrings: readonly Keyring[] = this.keks.map(memoryKeyring);
  /** They live as long as the world, so that what they remember of failures is part of the play. */
  readonly #multis = new Map<string, Keyring>();

  /** A multi-keyring of these KEKs; `undefined` where the policy cannot hold for them. */
  multi(keks: readonly MemoryKek[], { name, write }: Policy): Keyring | undefined {
    if (!this.holds(keks, keks, write)) return undefined;
    const key = [name, ...keks.map((kek) => kek.name)].join(' ');
    const members = keks.map((kek) => this.#keyrings[this.keks.indexOf(kek)] as Keyring);
    const made = this.#multis.get(key) ?? multiKeyring({ members, ...(write === undefined ? {} : { write }) });
    this.#multis.set(key, made);
    return made;
  }

  /** The policy's definition. */
  holds(members: readonly MemoryKek[], wrapped: readonly MemoryKek[], write: WritePolicy | undefined): boolean {
    if (write === undefined) return wrapped.length === members.length;
    const providers = new Set(wrapped.map(({ provider }) => provider));
    return wrapped.length >= write.minimum && (write.distinctDomains === undefined || providers.size >= write.minimum);
  }

  async write(members: readonly MemoryKek[], policy: Policy): Promise<void> {
    const keyring = this.multi(members, policy);
    if (keyring === undefined) return;
    const plaintext = crypto.getRandomValues(new Uint8Array(20));
    const able = members.filter(({ canWrap }) => canWrap);
    const writing = encryptDetached(plaintext, { keyring, context });
    if (!this.holds(members, able, policy.write)) {
      await expectFailure(writing, ['wrap-failed']);
      return;
    }
    const { header, payload } = await writing;
    const wrapped = new Map(members.map((kek) => [kek, kek.canWrap ? kek.current : ('pending' as const)]));
    this.stored.push({ header, payload, plaintext, wrapped });
  }

  /** Whoever holds a KEK that answers and is among the wrapped ones can read; nobody else can. */
  async read(stored: Stored, readers: readonly MemoryKek[]): Promise<void> {
    const keyring = this.multi(readers, { name: 'strict' });
    if (keyring === undefined) return;
    const reading = decryptDetached(stored, { keyring, context });
    if (readers.some((kek) => opens(stored.wrapped, kek))) expect(await reading).toEqual(stored.plaintext);
    else await expectFailure(reading, ['unwrap-failed', 'no-matching-key']);
  }

  /** Rewraps; what the header then holds is what the documentation of `rewrap` says, or it is as it was. */
  async rewrap(stored: Stored, readers: readonly MemoryKek[], writers: readonly MemoryKek[], remove: readonly MemoryKek[], policy: Policy, refresh: boolean): Promise<void> {
    const keyring = this.multi(readers, { name: 'strict' });
    const wrapWith = writers.length === 0 ? undefined : this.multi(writers, policy);
    if (keyring === undefined || (writers.length > 0 && wrapWith === undefined)) return;
    const options: RewrapOptions = {
      keyring,
      context,
      refresh,
      remove: remove.map(({ provider, name }) => ({ provider, keyId: name })),
      ...(wrapWith === undefined ? {} : { wrapWith }),
    };
    const next = this.#next(stored.wrapped, readers, writers, remove, policy, refresh);
    const rewrapping = rewrap(stored.header, options);
    if (next === undefined) {
      await expectFailure(rewrapping, ['unwrap-failed', 'no-matching-key', 'wrap-failed', 'rewrap-refused']);
      return;
    }
    const { header } = await rewrapping;
    Object.assign(stored, { header, wrapped: next });
  }

  #next(wrapped: Wrapped, readers: readonly MemoryKek[], writers: readonly MemoryKek[], remove: readonly MemoryKek[], policy: Policy, refresh: boolean): Wrapped | undefined {
    const able = writers.filter(({ canWrap }) => canWrap);
    if (!readers.some((kek) => opens(wrapped, kek))) return undefined;
    if (writers.length > 0 && !this.holds(writers, able, policy.write)) return undefined;
    const next = new Map<MemoryKek, number | 'pending'>([...wrapped].filter(([kek]) => writers.includes(kek) || !remove.includes(kek)));
    for (const kek of writers) if (!next.has(kek)) next.set(kek, 'pending');
    for (const kek of able) next.set(kek, kek.current);
    const made = able.filter((kek) => refresh || wrapped.get(kek) !== kek.current);
    const isUnchanged = made.length === 0 && next.size === wrapped.size && [...next.keys()].every((kek) => wrapped.has(kek));
    if (isUnchanged) return wrapped;
    // Every new one must be seen to open, and of the rest one, if there is nothing new.
    if (made.some((kek) => !kek.canOpen(kek.current))) return undefined;
    return made.length > 0 || readers.some((kek) => opens(next, kek)) ? next : undefined;
  }

  /** What must hold after whatever happened. */
  async expectNothingLost(): Promise<void> {
    const before = this.keks.map(({ state }) => state);
    for (const kek of this.keks) kek.state = 'up';
    for (const stored of this.stored) {
      const { header, plaintext, wrapped } = stored;
      const { wrappedKeys } = inspect(header);
      const held = wrappedKeys.map(({ keyId, keyVersion, pending }) => `${keyId} ${pending ? 'pending' : keyVersion}`);
      expect(held.sort()).toEqual([...wrapped].map(([{ name }, version]) => `${name} ${version}`).sort());
      for (const [i, kek] of this.keks.entries()) {
        const options = { context, keyring: this.#keyrings[i] as Keyring };
        if (opens(wrapped, kek)) expect(await decryptDetached(stored, options)).toEqual(plaintext);
        else if (typeof wrapped.get(kek) !== 'number') {
          await expectFailure(decryptDetached(stored, options), ['no-matching-key']);
          await expectFailure(decryptDetached(stored, { context, keyring: burglar(kek) }), ['unwrap-failed']);
        }
      }
    }
    this.keks.forEach((kek, i) => { kek.state = before[i] ?? 'up'; });
  }
}

/** Whether a KEK opens a header now. */
function opens(wrapped: Wrapped, kek: MemoryKek): boolean {
  const version = wrapped.get(kek);
  return typeof version === 'number' && kek.canOpen(version);
}

async function expectFailure(work: Promise<unknown>, codes: readonly ErrorCode[]): Promise<void> {
  let result: unknown;
  try {
    result = await work;
  } catch (error) {
    if (!isKeyfoldError(error) || !codes.includes(error.code)) throw error;
    return;
  }
  throw new Error(`It should have failed with ${codes.join(' or ')}, and gave ${String(result)}.`);
}
