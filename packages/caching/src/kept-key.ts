/** A data key in a cache. It is wiped when it leaves the cache, and then gives nothing more. */
export class KeptKey {
  readonly #keyMaterial: Uint8Array<ArrayBuffer>;
  #wiped = false;

  /** Keeps a copy: what the caller has stays the caller's to wipe. */
  constructor(keyMaterial: Uint8Array) {
    this.#keyMaterial = new Uint8Array(keyMaterial);
  }

  /** A copy, which the caller wipes, or `undefined` once this was wiped. */
  copy(): Uint8Array<ArrayBuffer> | undefined {
    return this.#wiped ? undefined : new Uint8Array(this.#keyMaterial);
  }

  wipe(): void {
    this.#wiped = true;
    this.#keyMaterial.fill(0);
  }

  /** Wipes it once those who wait for it, and have it already, have made their copies. */
  wipeSoon(): void {
    setTimeout(() => {
      this.wipe();
    }, 0);
  }
}
