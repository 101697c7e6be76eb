import type { HeldAnswer } from '../../src/index.js';
import { concat, randomBytes } from '../../src/support/bytes.js';
import { deferred } from '../../src/support/settle.js';

/** The requests of the toy service. */
export type ToyRequest = 'Encrypt' | 'Decrypt' | 'GenerateDataKey' | 'DescribeKey';

/** An error that the service answers with. */
export class ToyKmsError extends Error {
  readonly code: 'Throttled' | 'Denied' | 'Disabled' | 'BadCiphertext' | 'Down';
  constructor(code: ToyKmsError['code']) {
    super(`The toy service says ${code}.`);
    this.code = code;
  }
}

/** What a request of the toy service carries. */
export interface ToyCall {
  readonly keyId: string;
  readonly context: Uint8Array;
  readonly bytes?: Uint8Array;
  readonly signal?: AbortSignal;
}

/** What the service answers. `keyId` is resolved. */
export interface ToyAnswer {
  readonly keyId: string;
  readonly version: string;
  readonly bytes: Uint8Array;
  readonly wrapped: Uint8Array;
}

/**
 * A key management service in a few lines, with real cryptography: AES-256-GCM keys with versions and aliases, faults,
 * answers that can be withheld, and a count of requests.
 */
export class ToyKms {
  requests = 0;
  /** What goes wrong, and with which requests. */
  fault: { readonly kind: string; readonly requests: readonly ToyRequest[] } | undefined;
  readonly #keys = new Map<string, Uint8Array<ArrayBuffer>[]>();
  readonly #aliases = new Map<string, string>();
  #held: { request: string; reached: () => void; abandoned: () => void; released: Promise<void> } | undefined;

  createKey(): string {
    const id = `toy:key/${crypto.randomUUID()}`;
    this.#keys.set(id, [randomBytes(32)]);
    return id;
  }

  alias(name: string, keyId: string): void {
    this.#aliases.set(name, keyId);
  }

  rotate(keyId: string): void {
    this.#keys.get(keyId)?.push(randomBytes(32));
  }

  /** Withholds the answers to requests of this name. */
  hold(request: string): HeldAnswer {
    const [reached, abandoned, released] = [deferred(), deferred(), deferred()];
    this.#held = { request, reached: reached.resolve, abandoned: abandoned.resolve, released: released.promise };
    return {
      reached: reached.promise,
      abandoned: abandoned.promise,
      release: () => {
        this.#held = undefined;
        released.resolve();
      },
    };
  }

  async send(request: ToyRequest, call: ToyCall): Promise<ToyAnswer> {
    this.requests++;
    const fault = this.fault?.requests.includes(request) === true ? this.fault.kind : undefined;
    if (fault === 'hang') await left(call.signal);
    const held = this.#held?.request === request ? this.#held : undefined;
    if (held !== undefined) {
      held.reached();
      await Promise.race([held.released, left(call.signal).finally(held.abandoned)]);
    }
    const error = { throttled: 'Throttled', denied: 'Denied', disabled: 'Disabled', down: 'Down' } as const;
    if (fault !== undefined && fault in error) throw new ToyKmsError(error[fault as keyof typeof error]);
    const answer = await this.#answer(request, call);
    return fault === 'wrong-answer' ? { ...answer, bytes: randomBytes(32) } : answer;
  }

  async #answer(request: ToyRequest, { keyId: name, context, bytes = randomBytes(0) }: ToyCall): Promise<ToyAnswer> {
    const keyId = this.#aliases.get(name) ?? name;
    const versions = this.#keys.get(keyId) ?? [];
    const nothing = new Uint8Array();
    const version = `v${versions.length}`;
    if (request === 'DescribeKey') return { keyId, version, bytes: nothing, wrapped: nothing };
    if (request === 'Decrypt') {
      const used = bytes[0] ?? 0;
      return { keyId, version: `v${used}`, bytes: await open(versions[used - 1], bytes, context), wrapped: nothing };
    }
    const plaintext = request === 'GenerateDataKey' ? randomBytes(32) : bytes;
    const iv = randomBytes(12);
    const sealed = await crypto.subtle.encrypt(
      gcm(iv, context),
      await load(versions.at(-1)),
      new Uint8Array(plaintext),
    );
    const wrapped = concat(Uint8Array.of(versions.length), iv, new Uint8Array(sealed));
    return { keyId, version, bytes: new Uint8Array(plaintext), wrapped };
  }
}

async function open(
  key: Uint8Array<ArrayBuffer> | undefined,
  wrapped: Uint8Array,
  context: Uint8Array,
): Promise<Uint8Array> {
  try {
    const params = gcm(wrapped.subarray(1, 13), context);
    return new Uint8Array(await crypto.subtle.decrypt(params, await load(key), new Uint8Array(wrapped.subarray(13))));
  } catch {
    throw new ToyKmsError('BadCiphertext');
  }
}

async function load(key: Uint8Array<ArrayBuffer> | undefined): Promise<CryptoKey> {
  if (key === undefined) throw new ToyKmsError('BadCiphertext');
  return await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function gcm(iv: Uint8Array, context: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: new Uint8Array(iv), additionalData: new Uint8Array(context) };
}

/** Rejects when the caller goes away; never settles else. */
async function left(signal: AbortSignal | undefined): Promise<never> {
  return await new Promise((_resolve, reject) => {
    const leave = (): void => {
      reject(new Error('The caller went away.'));
    };
    if (signal?.aborted === true) leave();
    signal?.addEventListener('abort', leave, { once: true });
  });
}
