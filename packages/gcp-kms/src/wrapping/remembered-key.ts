import type { PublicKey } from './rsa-wrap.js';

/** How long a public key serves, in ms: so that a version that was disabled meanwhile is noticed. */
const SERVES = 300_000;

/** The public half of an RSA key: fetched when it is needed, remembered for five minutes. */
export class RememberedKey {
  readonly #fetch: (signal: AbortSignal) => Promise<PublicKey>;
  #known: { readonly key: PublicKey; readonly since: number } | undefined;

  constructor(fetch: (signal: AbortSignal) => Promise<PublicKey>) {
    this.#fetch = fetch;
  }

  async get(signal: AbortSignal): Promise<PublicKey> {
    const known = this.#known;
    if (known !== undefined && performance.now() - known.since < SERVES) return known.key;
    const key = await this.#fetch(signal);
    this.#known = { key, since: performance.now() };
    return key;
  }
}
