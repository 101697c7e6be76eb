import type { EncryptionContext } from '../../src/context/encryption-context.js';
import type { WrappedKey } from '../../src/format/wrapped-key.js';
import type {
  GenerateRequest,
  GenerateResult,
  Keyring,
  UnwrapRequest,
  UnwrapResult,
  WrapRequest,
  WrapResult,
} from '../../src/keyring/keyring.js';
import { notAccepted, unwrapEach } from '../../src/keyring/unwrap-each.js';
import { concat, copy } from './bytes.js';

/** Stands in for an operation of the keyring; `real` is the operation that it stands in for. */
export type Instead<Request, Result> = (request: Request, real: (request: Request) => Promise<Result>) => Promise<Result>;

export interface TestKeyringOptions {
  readonly provider?: string;
  readonly name?: string;
  /** Has `generate`, as a KMS that makes data keys. */
  readonly generates?: boolean;
  readonly wrap?: Instead<WrapRequest, WrapResult>;
  readonly unwrap?: Instead<UnwrapRequest, UnwrapResult | null>;
  readonly generate?: Instead<GenerateRequest, GenerateResult>;
}

export type Call =
  | { readonly operation: 'wrap'; readonly request: WrapRequest }
  | { readonly operation: 'unwrap'; readonly request: UnwrapRequest }
  | { readonly operation: 'generate'; readonly request: GenerateRequest };

const ALGORITHM = 'TEST-A256GCM';

/**
 * A small real keyring: AES-256-GCM under a random KEK by WebCrypto, the context's digest as AAD. It records its calls,
 * and can be told to do something else instead of an operation: fail, hang, answer wrongly.
 */
export class TestKeyring implements Keyring {
  readonly specificationVersion = 'keyring-v1';
  readonly provider: string;
  readonly name: string;
  readonly keks: readonly { readonly provider: string; readonly keyId: string }[];
  readonly generate?: (request: GenerateRequest) => Promise<GenerateResult>;
  readonly calls: Call[] = [];
  /** Every byte string of key material that went in or out, the very same objects: to see that they were wiped. */
  readonly keyMaterial: Uint8Array[] = [];
  /** Copies of them, as they were. */
  readonly secrets: Uint8Array[] = [];
  readonly #kek = crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  readonly #options: TestKeyringOptions;

  constructor(options: TestKeyringOptions = {}) {
    this.provider = options.provider ?? 'test';
    this.name = options.name ?? 'kek-1';
    this.keks = [{ provider: this.provider, keyId: this.name }];
    this.#options = options;
    if (options.generates === true || options.generate !== undefined) {
      this.generate = async (request) => {
        this.calls.push({ operation: 'generate', request });
        const real = async ({ context }: GenerateRequest): Promise<GenerateResult> => await this.#generate(context);
        return options.generate === undefined ? await real(request) : await options.generate(request, real);
      };
    }
  }

  /** The names of the operations that were called, in order. */
  get operations(): readonly string[] {
    return this.calls.map(({ operation }) => operation);
  }

  async wrap(request: WrapRequest): Promise<WrapResult> {
    this.calls.push({ operation: 'wrap', request });
    this.#saw(request.keyMaterial);
    const real = async ({ keyMaterial, context }: WrapRequest): Promise<WrapResult> => ({
      wrappedKeys: [await this.#seal(keyMaterial, context)],
    });
    return this.#options.wrap === undefined ? await real(request) : await this.#options.wrap(request, real);
  }

  async unwrap(request: UnwrapRequest): Promise<UnwrapResult | null> {
    this.calls.push({ operation: 'unwrap', request });
    const real = async (actual: UnwrapRequest): Promise<UnwrapResult | null> =>
      await unwrapEach(this, actual, (wrappedKey) =>
        wrappedKey.keyId === this.name && wrappedKey.algorithm === ALGORITHM
          ? async () => await this.#open(wrappedKey, actual.context)
          : undefined,
      );
    return this.#options.unwrap === undefined ? await real(request) : await this.#options.unwrap(request, real);
  }

  #saw(keyMaterial: Uint8Array): Uint8Array {
    this.keyMaterial.push(keyMaterial);
    this.secrets.push(copy(keyMaterial));
    return keyMaterial;
  }

  async #generate(context: EncryptionContext): Promise<GenerateResult> {
    const keyMaterial = this.#saw(crypto.getRandomValues(new Uint8Array(32)));
    return { keyMaterial, wrappedKeys: [await this.#seal(keyMaterial, context)] };
  }

  async #seal(keyMaterial: Uint8Array, context: EncryptionContext): Promise<WrappedKey> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const algorithm = { name: 'AES-GCM', iv, additionalData: copy(context.digest) };
    const sealed = await crypto.subtle.encrypt(algorithm, await this.#kek, copy(keyMaterial));
    const ciphertext = concat(iv, new Uint8Array(sealed));
    return { provider: this.provider, keyId: this.name, keyVersion: '', algorithm: ALGORITHM, ciphertext };
  }

  async #open({ ciphertext, keyId }: WrappedKey, context: EncryptionContext): Promise<Uint8Array> {
    const iv = copy(ciphertext.subarray(0, 12));
    const algorithm = { name: 'AES-GCM', iv, additionalData: copy(context.digest) };
    try {
      const opened = await crypto.subtle.decrypt(algorithm, await this.#kek, copy(ciphertext.subarray(12)));
      return this.#saw(new Uint8Array(opened));
    } catch {
      throw notAccepted(this, keyId);
    }
  }
}
