import { copyOfContext, isUnwrapResult, keyringContract, notAccepted, throwIfAborted, wipeKeyMaterial } from '@keyfold/core/keyring';
import type { UnwrapRequest, UnwrapResult } from '@keyfold/core/keyring';
import { Flights } from './flights.js';
import { identityOf } from './identity.js';
import { KeptKey } from './kept-key.js';
import { keyCache } from './key-cache.js';
import type { KeyCache } from './key-cache.js';
import type { Settings } from './settings.js';

/** A data key that was unwrapped, and what it is kept under; `null` when no wrapped key was the keyring's. */
type Landed = { readonly identity: string; readonly key: KeptKey } | null;

/**
 * Remembers unwrapped data keys, each under the encryption context and every field of the wrapped key that it came from:
 * whoever changes one of them has to ask the KMS. Nothing is kept, and nothing that is kept is given out, before the MAC of
 * the header at hand verified under it.
 */
export class UnwrappedKeys {
  readonly #settings: Settings;
  readonly #cache: KeyCache<KeptKey>;
  /** Another one after each `clear`: what was under way then is not kept. */
  #flights = new Flights<Landed>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#cache = keyCache(settings);
  }

  /** Throws as `unwrap` of the keyring inside. */
  async unwrap(request: UnwrapRequest): Promise<UnwrapResult | null> {
    const { wrappedKeys, context, signal } = request;
    throwIfAborted(signal);
    const identities = await Promise.all(wrappedKeys.map(async (key) => await identityOf(key, context)));
    for (const identity of identities) {
      const known = await this.#offer(this.#cache.get(identity), identity, identities, request);
      if (known !== undefined) return known;
    }
    const landed = await this.#share(identities, request);
    if (landed === null) return null;
    // Several headers may have these wrapped keys, and this one another MAC than the one that was asked with.
    const shared = await this.#offer(landed?.key, landed?.identity ?? '', identities, request);
    return shared ?? (await this.#settings.keyring.unwrap({ ...request, context: copyOfContext(context) }));
  }

  clear(): void {
    this.#flights = new Flights();
    this.#cache.clear();
  }

  /** What this request may have of a kept key: a copy, if the header's MAC verifies under it. */
  async #offer(
    kept: KeptKey | undefined,
    identity: string,
    identities: readonly string[],
    { wrappedKeys, accepts }: UnwrapRequest,
  ): Promise<UnwrapResult | undefined> {
    const keyMaterial = kept?.copy();
    const wrappedKey = wrappedKeys[identities.indexOf(identity)];
    if (keyMaterial === undefined || wrappedKey === undefined) return undefined;
    let accepted = false;
    try {
      accepted = await accepts(keyMaterial);
      return accepted ? { keyMaterial, wrappedKey } : undefined;
    } finally {
      if (!accepted) keyMaterial.fill(0);
    }
  }

  /**
   * The data key that the keyring inside gives, or gives to another caller with the same wrapped keys. `undefined` when that
   * one got an error: it may be about its header alone, and is not this caller's.
   */
  async #share(identities: readonly string[], request: UnwrapRequest): Promise<Landed | undefined> {
    const flights = this.#flights;
    const own = { led: false };
    const start = async (signal: AbortSignal): Promise<Landed> => {
      own.led = true;
      const landed = await this.#ask(identities, { ...request, signal });
      if (landed === null) return null;
      if (flights === this.#flights) this.#cache.set(landed.identity, landed.key);
      else landed.key.wipeSoon();
      return landed;
    };
    try {
      return await flights.share(identities.join(), request.signal, start);
    } catch (error) {
      if (own.led || request.signal.aborted) throw error;
      return undefined;
    }
  }

  async #ask(identities: readonly string[], request: UnwrapRequest): Promise<Landed> {
    const { keyring } = this.#settings;
    const result = await keyring.unwrap({ ...request, context: copyOfContext(request.context) });
    if (result === null) return null;
    try {
      const identity = isUnwrapResult(result) ? identities[request.wrappedKeys.indexOf(result.wrappedKey)] : undefined;
      if (identity === undefined) throw keyringContract(keyring, 'returned no key material with one of the wrapped keys that it was asked for');
      const { keyMaterial, wrappedKey } = result;
      // Whether or not the keyring asked.
      if (!(await request.accepts(keyMaterial))) throw notAccepted(keyring, wrappedKey.keyId);
      return { identity, key: new KeptKey(keyMaterial) };
    } finally {
      wipeKeyMaterial(result);
    }
  }
}
