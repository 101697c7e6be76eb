import { isPending, throwIfAborted } from '@keyfold/core/keyring';
import type { GenerateRequest, GenerateResult, WrappedKey } from '@keyfold/core/keyring';
import { Flights } from './flights.js';
import { toHex } from './identity.js';
import { KeptKey } from './kept-key.js';
import { keyCache } from './key-cache.js';
import type { KeyCache } from './key-cache.js';
import { makeDataKey } from './make-data-key.js';
import type { Settings } from './settings.js';

/** How long a data key is used that some KEK is missing for, in ms: what is written meanwhile has to be repaired. */
const MAX_AGE_INCOMPLETE = 5_000;

/** A data key for new messages, and how many more it is good for. */
class WritingKey extends KeptKey {
  readonly #wrappedKeys: readonly WrappedKey[];
  #left: number;

  constructor({ keyMaterial, wrappedKeys }: GenerateResult, messages: number) {
    super(keyMaterial);
    this.#wrappedKeys = wrappedKeys.map(copyOfWrappedKey);
    this.#left = messages;
  }

  /** Whether a KEK could not be reached when it was wrapped. */
  get isIncomplete(): boolean {
    return this.#wrappedKeys.some(isPending);
  }

  get isUsedUp(): boolean {
    return this.#left === 0;
  }

  /** For one message. `undefined` when it is used up, or was wiped. */
  take(): GenerateResult | undefined {
    const keyMaterial = this.isUsedUp ? undefined : this.copy();
    if (keyMaterial === undefined) return undefined;
    this.#left--;
    return { keyMaterial, wrappedKeys: this.#wrappedKeys.map(copyOfWrappedKey) };
  }
}

/** Gives out data keys for new messages, each to several messages of one encryption context. */
export class WritingKeys {
  readonly #settings: Settings;
  readonly #cache: KeyCache<WritingKey>;
  /** Another one after each `clear`: what was under way then is not kept. */
  #flights = new Flights<WritingKey>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#cache = keyCache(settings);
  }

  /** Throws as `wrap` and `generate` of the keyring inside. */
  async generate(request: GenerateRequest): Promise<GenerateResult> {
    const { context, signal } = request;
    throwIfAborted(signal);
    if (this.#settings.maxMessages === 1) return await makeDataKey(this.#settings, request);
    const wanted = toHex(context.digest);
    for (;;) {
      const kept = this.#cache.get(wanted)?.take();
      if (kept !== undefined) return kept;
      const flights = this.#flights;
      const start = async (stop: AbortSignal): Promise<WritingKey> => {
        const key = await this.#make({ context, signal: stop });
        if (flights === this.#flights) this.#keep(wanted, key);
        else key.wipeSoon();
        return key;
      };
      const made = await flights.share(wanted, signal, start);
      const taken = made.take();
      if (taken !== undefined) return taken;
      // Wiped before this caller's turn, and so perhaps again: this one gets a key of its own.
      if (!made.isUsedUp) return await makeDataKey(this.#settings, request);
    }
  }

  clear(): void {
    this.#flights = new Flights();
    this.#cache.clear();
  }

  async #make(request: GenerateRequest): Promise<WritingKey> {
    const made = await makeDataKey(this.#settings, request);
    try {
      return new WritingKey(made, this.#settings.maxMessages);
    } finally {
      made.keyMaterial.fill(0);
    }
  }

  #keep(wanted: string, key: WritingKey): void {
    const { maxAge } = this.#settings;
    this.#cache.set(wanted, key, { ttl: key.isIncomplete ? Math.min(maxAge, MAX_AGE_INCOMPLETE) : maxAge });
  }
}

/** What a caller does to the wrapped keys that it gets must not reach the next one's. */
function copyOfWrappedKey(key: WrappedKey): WrappedKey {
  return { ...key, ciphertext: new Uint8Array(key.ciphertext) };
}
